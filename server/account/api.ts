import { Elysia } from "elysia";
import * as z from "zod";

import { ensureAgent } from "../agents/queries.ts";
import { actorOf } from "../auth/actor.ts";
import { config } from "../config.ts";
import { answerList, exportable } from "../export.ts";
import { windowsOf } from "../moltbook/budget.ts";
import { pageOf } from "../paging.ts";
import { decideRequest, resume } from "./decide.ts";
import type { Owner } from "./queries.ts";
import { getAccountHealth, listDecidedRequests, listFeatures, listMessageRequests, listUnsettled } from "./queries.ts";
import { AccountHealth, AccountReport, MessageRequest, MessageRequestFilter, RequestDecision, Resumption } from "./schema.ts";
import { listRegistered } from "./store.ts";

const NoQuery = z.strictObject({});

export const accountApi = new Elysia({ name: "account-api", prefix: "/api/account", tags: ["account"] })
  .get("", async () => getAccountReport(await ownAccount()), {
    query: NoQuery,
    response: AccountReport,
    detail: { summary: "The account on Moltbook: its health, what may still be done, and what waits" },
  })
  .get(
    "/message-requests",
    ({ query }) =>
      answerList(query, async (page) => listMessageRequests(await ownAccount(), page), { name: "message-requests", item: MessageRequest }),
    {
      query: exportable(MessageRequestFilter),
      response: pageOf(MessageRequest),
      detail: { summary: "Requests of other agents to talk in private, newest first" },
    },
  )
  .post(
    "/resume",
    async ({ body, request }) => {
      const owner = await ownAccount();
      await resume(owner, { actor: actorOf(request), reason: body.reason });
      return getAccountHealth(owner);
    },
    { query: NoQuery, body: Resumption, response: AccountHealth, detail: { summary: "Let a frozen account write again" } },
  )
  .post(
    "/message-requests/:id",
    async ({ params, body, request }) => {
      const owner = await ownAccount();
      await decideRequest(owner, { id: params.id, actor: actorOf(request), ...body });
      return getAccountHealth(owner);
    },
    {
      params: z.object({ id: z.string().min(1).max(200) }),
      query: NoQuery,
      body: RequestDecision,
      response: AccountHealth,
      detail: { summary: "Decide a message request, and tell Moltbook" },
    },
  );

/** The account of the agent that this installation runs. */
export async function ownAccount(): Promise<Owner> {
  return { agent_id: (await ensureAgent(config.agentName)).id, mode: config.mode };
}

/** Everything about an account, with its newest twenty open message requests and unsettled writes. */
export async function getAccountReport(owner: Owner): Promise<AccountReport> {
  const [health, budgets, features, unsettled, requests, decided, registered] = await Promise.all([
    getAccountHealth(owner),
    windowsOf(owner),
    listFeatures(owner),
    listUnsettled(owner, 20),
    listMessageRequests(owner, { limit: 20, state: "open" }),
    listDecidedRequests(owner, 5),
    listRegistered(),
  ]);
  return { agent_name: config.agentName, health, budgets, features, unsettled, requests: requests.items, decided, registered };
}
