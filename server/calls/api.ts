import { Elysia } from "elysia";

import { pageOf } from "../paging.ts";
import { listCalls } from "./queries.ts";
import { CallFilter, ToolCall } from "./schema.ts";

export const callsApi = new Elysia({ name: "calls-api", prefix: "/api/security/tool-calls", tags: ["security"] }).get(
  "",
  ({ query }) => listCalls(query),
  {
    query: CallFilter,
    response: pageOf(ToolCall),
    detail: { summary: "Tool calls as the server saw them, newest first" },
  },
);
