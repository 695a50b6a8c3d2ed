import { Elysia } from "elysia";
import * as z from "zod";

import { AppError } from "../errors.ts";
import { answerList, exportable } from "../export.ts";
import { pageOf } from "../paging.ts";
import { findCall, listCalls } from "./queries.ts";
import { CallDetail, CallFilter, ToolCall } from "./schema.ts";

export const callsApi = new Elysia({ name: "calls-api", prefix: "/api/security/tool-calls", tags: ["security"] })
  .get("", ({ query }) => answerList(query, listCalls, { name: "tool-calls", item: ToolCall }), {
    query: exportable(CallFilter),
    response: pageOf(ToolCall),
    detail: { summary: "Tool calls as the server saw them, newest first" },
  })
  .get("/:id", ({ params }) => getCall(params.id), {
    params: z.object({ id: z.uuid() }),
    query: z.strictObject({}),
    response: CallDetail,
    detail: { summary: "One tool call with what it brought the agent" },
  });

/** A call with its exposures. Throws AppError `not_found`. */
async function getCall(id: string): Promise<CallDetail> {
  const call = await findCall(id);
  if (!call) throw new AppError("not_found", "There is no tool call with this id.");
  return call;
}
