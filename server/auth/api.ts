import { Elysia } from "elysia";
import * as z from "zod";

import { AppError } from "../errors.ts";
import { pageOf } from "../paging.ts";
import { actorOf, personOf } from "./actor.ts";
import { endUser, inviteUser, linkForUser, makeApiKey, revokeKey } from "./manage.ts";
import { closeSessions, listApiKeys, listSessions } from "./queries.ts";
import { ApiKey, ApiKeyFilter, MadeApiKey, NewApiKey, NewUser, Session, SignInLink, User } from "./schema.ts";
import { listUsers } from "./users/queries.ts";

const NoQuery = z.strictObject({});
const Params = z.object({ id: z.uuid() });

/** Who may get in: for operators at a browser, never by a key, so that no key makes another one. */
export const accessApi = new Elysia({ name: "access-api", prefix: "/api", tags: ["access"] })
  .get("/keys", ({ query }) => listApiKeys(query), {
    query: ApiKeyFilter,
    response: pageOf(ApiKey),
    detail: { summary: "API keys, newest first, without the keys themselves (operators only)" },
  })
  .post(
    "/keys",
    async ({ body, set, request }) => {
      set.status = 201;
      return makeApiKey(body, actorOf(request));
    },
    {
      query: NoQuery,
      body: NewApiKey,
      response: { 201: MadeApiKey },
      detail: { summary: "Make an API key and answer it, once (operators only)" },
    },
  )
  .delete("/keys/:id", ({ params, request }) => revokeKey(params.id, actorOf(request)), {
    params: Params,
    query: NoQuery,
    response: ApiKey,
    detail: { summary: "Revoke an API key (operators only)" },
  })
  .get("/users", async () => ({ items: await listUsers(), next: null }), {
    query: NoQuery,
    response: pageOf(User),
    detail: { summary: "Everybody who may sign in, or could once (operators only)" },
  })
  .post(
    "/users",
    async ({ body, set, request }) => {
      set.status = 201;
      return inviteUser(body, actorOf(request));
    },
    {
      query: NoQuery,
      body: NewUser,
      response: { 201: SignInLink },
      detail: { summary: "Make a person known, and a link that lets them in once (operators only)" },
    },
  )
  .post("/users/:id/link", ({ params, request }) => linkForUser(params.id, actorOf(request)), {
    params: Params,
    query: NoQuery,
    response: SignInLink,
    detail: { summary: "Make another link that lets a person in once (operators only)" },
  })
  .delete("/users/:id", ({ params, request }) => endUser(params.id, { user_id: personOf(request).user_id, actor: actorOf(request) }), {
    params: Params,
    query: NoQuery,
    response: User,
    detail: { summary: "Disable a person: their sessions and links end at once (operators only)" },
  })
  .get("/sessions", async () => ({ items: await listSessions(null), next: null }), {
    query: NoQuery,
    response: pageOf(Session),
    detail: { summary: "Browsers that are signed in, newest first (operators only)" },
  })
  .delete(
    "/sessions/:id",
    async ({ params, request }) => {
      const ended = await closeSessions({ id: params.id }, actorOf(request));
      if (ended === 0) throw new AppError("not_found", "There is no such session, or it is over already.");
      return { ended };
    },
    {
      params: Params,
      query: NoQuery,
      response: z.object({ ended: z.int() }),
      detail: { summary: "Sign a browser out (operators only)" },
    },
  );
