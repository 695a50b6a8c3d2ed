import { Elysia } from "elysia";

import { answerList, exportable } from "../export.ts";
import { pageOf } from "../paging.ts";
import { listActions } from "./queries.ts";
import { Action, ActionFilter } from "./schema.ts";

export const actionsApi = new Elysia({ name: "actions-api", prefix: "/api/actions", tags: ["actions"] }).get(
  "",
  ({ query }) => answerList(query, listActions, { name: "actions", item: Action }),
  {
    query: exportable(ActionFilter),
    response: pageOf(Action),
    detail: { summary: "What agents did, newest first" },
  },
);
