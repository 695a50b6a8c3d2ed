import { join } from "node:path";

import { Elysia } from "elysia";

import { codingFor, squeeze } from "./compress.ts";
import { AppError } from "./errors.ts";

const STATIC = join(import.meta.dir, "..", "static");
const HTMX = join(import.meta.dir, "..", "node_modules", "htmx.org", "dist");

/** Every file that a browser may ask for; nothing else of the disk can be reached. htmx comes from its package, so the lock file pins it. */
const FILES: Record<string, string> = {
  "base.css": join(STATIC, "base.css"),
  "frame.css": join(STATIC, "frame.css"),
  "parts.css": join(STATIC, "parts.css"),
  "statement.css": join(STATIC, "statement.css"),
  "lists.css": join(STATIC, "lists.css"),
  "run.css": join(STATIC, "run.css"),
  "log.css": join(STATIC, "log.css"),
  "doors.css": join(STATIC, "doors.css"),
  "prompts.css": join(STATIC, "prompts.css"),
  "account.css": join(STATIC, "account.css"),
  "filter.css": join(STATIC, "filter.css"),
  "chart.css": join(STATIC, "chart.css"),
  "security.css": join(STATIC, "security.css"),
  "jobs.css": join(STATIC, "jobs.css"),
  "reference.css": join(STATIC, "reference.css"),
  "claims.css": join(STATIC, "claims.css"),
  "settings.css": join(STATIC, "settings.css"),
  "narrow.css": join(STATIC, "narrow.css"),
  "app.js": join(STATIC, "app.js"),
  "favicon.svg": join(STATIC, "favicon.svg"),
  "favicon-running.svg": join(STATIC, "favicon-running.svg"),
  "favicon-attention.svg": join(STATIC, "favicon-attention.svg"),
  "htmx.js": join(HTMX, "htmx.min.js"),
  "hx-sse.js": join(HTMX, "ext", "hx-sse.min.js"),
};

/** Files as they are sent, by their ETag: squeezed once for each coding. */
const squeezed = new Map<string, ReturnType<typeof squeeze>>();

export const staticFiles = new Elysia({ name: "static" }).get("/static/:file", async ({ params, request }) => {
  const path = Object.hasOwn(FILES, params.file) ? FILES[params.file] : undefined;
  if (!path) throw new AppError("not_found", "There is no such file.");
  const file = Bun.file(path);
  const etag = `"${file.lastModified.toString(36)}-${file.size.toString(36)}-${codingFor(request) ?? "plain"}"`;
  const headers = { etag, "cache-control": "no-cache", vary: "accept-encoding", "x-content-type-options": "nosniff" };
  if (request.headers.get("if-none-match") === etag) return new Response(null, { status: 304, headers });
  const kept = squeezed.get(params.file + etag) ?? squeeze(await file.bytes(), request);
  squeezed.set(params.file + etag, kept);
  const coding: Record<string, string> = kept.coding === null ? {} : { "content-encoding": kept.coding };
  return new Response(kept.body, { headers: { ...headers, ...coding, "content-type": file.type } });
});
