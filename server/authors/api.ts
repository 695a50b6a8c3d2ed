import { Elysia } from "elysia";
import * as z from "zod";

import { ownAccount } from "../account/api.ts";
import { actorOf } from "../auth/actor.ts";
import { answerList, exportable } from "../export.ts";
import { pageOf } from "../paging.ts";
import { blockAuthor, unblockAuthor } from "./block.ts";
import { getBlock, listBlockedAuthors } from "./queries.ts";
import { BlockedAuthor, BlockedAuthorFilter, ReportedBlock, ReportedUnblock } from "./schema.ts";

const NoQuery = z.strictObject({});

export const authorsApi = new Elysia({ name: "authors-api", prefix: "/api/security/blocked-authors", tags: ["security"] })
  .get(
    "",
    ({ query }) =>
      answerList(query, async (page) => listBlockedAuthors(await ownAccount(), page), { name: "blocked-authors", item: BlockedAuthor }),
    {
      query: exportable(BlockedAuthorFilter),
      response: pageOf(BlockedAuthor),
      detail: { summary: "Authors whose items are withheld from the agent, newest first" },
    },
  )
  .post(
    "",
    async ({ body, set, request }) => {
      const owner = await ownAccount();
      const id = await blockAuthor(owner, body, actorOf(request));
      set.status = 201;
      return getBlock(owner, id);
    },
    { query: NoQuery, body: ReportedBlock, response: { 201: BlockedAuthor }, detail: { summary: "Block an author" } },
  )
  .post(
    "/unblock",
    async ({ body, request }) => {
      const owner = await ownAccount();
      return getBlock(owner, await unblockAuthor(owner, body, actorOf(request)));
    },
    { query: NoQuery, body: ReportedUnblock, response: BlockedAuthor, detail: { summary: "Lift the block of an author" } },
  );
