import type { AnyElysia } from "elysia";
import { Elysia } from "elysia";

import { ReferencePage } from "../../views/reference.tsx";
import { config } from "../config.ts";
import { html } from "../html.ts";
import { describeApi } from "./document.ts";
import type { Document } from "./schema.ts";

/** What the API offers, for programs and for people; `app` answers the app that is described. The page loads nothing from elsewhere. */
export function referencePages(app: () => AnyElysia) {
  let document: Document | undefined;
  const described = () => (document ??= describeApi(app()));
  return new Elysia({ name: "reference-pages" })
    .get("/api/openapi.json", () => described(), { detail: { hide: true } })
    .get("/api", () => html(<ReferencePage document={described()} mode={config.mode} />));
}
