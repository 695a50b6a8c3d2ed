import { Elysia } from "elysia";

import { ActionsPage } from "../../views/actions.tsx";
import { config } from "../config.ts";
import { showList } from "../page-query.ts";
import { countActions, listActions } from "./queries.ts";
import { ActionFilter } from "./schema.ts";

/** Everything that agents did. */
export const actionPages = new Elysia({ name: "action-pages" }).get("/actions", ({ query }) =>
  showList("/actions", ActionFilter, query, {
    list: listActions,
    count: countActions,
    view: (props) => <ActionsPage {...props} mode={config.mode} />,
  }),
);
