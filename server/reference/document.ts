import type { AnyElysia } from "elysia";
import * as z from "zod";

import { version } from "../../package.json";
import type { Answer, Document, Operation, Schema } from "./schema.ts";
import { Problem } from "./schema.ts";

const DESCRIPTION = `What the dashboard shows, as JSON. Lists answer items, newest first, and the cursor of the next page; format=ndjson or csv brings all
that the filter names. Parameters that are not known are refused. Answers carry a weak ETag. Times are RFC 3339 in UTC, ids UUIDv7.`;

/** What a route declares, as far as the document goes. */
type Hooks = {
  params?: z.ZodObject;
  query?: z.ZodObject;
  body?: z.ZodType;
  response?: z.ZodType | Record<string, z.ZodType>;
  detail?: { summary?: string; tags?: string[]; hide?: boolean };
};

/** Describes the routes of `app` under /api/ in OpenAPI 3.1.0, from the schemas that check every question and every answer. */
export function describeApi(app: AnyElysia): Document {
  const paths: Document["paths"] = {};
  for (const { method, path, hooks } of app.routes as { method: string; path: string; hooks: Hooks }[]) {
    if (!path.startsWith("/api/") || hooks.detail?.hide) continue;
    const address = path.replaceAll(/:(\w+)/g, "{$1}");
    paths[address] = { ...paths[address], [method.toLowerCase()]: operationOf(method.toLowerCase(), address, hooks) };
  }
  return {
    openapi: "3.1.0",
    info: { title: "Moltbot", version, description: DESCRIPTION.replaceAll("\n", " ") },
    paths,
    components: {
      securitySchemes: { key: { type: "http", scheme: "bearer", description: "Made by: bun run job api-key" } },
      responses: {
        Problem: {
          description: "A fault, as an RFC 9457 problem",
          content: { "application/problem+json": { schema: schemaOf(Problem, "output") } },
        },
      },
    },
    security: [{ key: [] }],
  };
}

function operationOf(method: string, path: string, { params, query, body, response, detail }: Hooks): Operation {
  const parameters = [...parametersOf("path", params), ...parametersOf("query", query)];
  return {
    operationId: `${method}${path.replaceAll(/\W+(\w)/g, (_, letter: string) => letter.toUpperCase()).replace(/\W$/, "")}`,
    ...(detail?.summary === undefined ? {} : { summary: detail.summary }),
    ...(detail?.tags === undefined ? {} : { tags: detail.tags }),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, content: { "application/json": { schema: schemaOf(body, "input") } } } }),
    responses: {
      ...answersOf(response, query?.shape.format !== undefined),
      ...(method === "get" ? { 304: { description: "Nothing changed since the answer whose ETag If-None-Match names" } } : {}),
      "4XX": { $ref: "#/components/responses/Problem" },
      "5XX": { $ref: "#/components/responses/Problem" },
    },
  };
}

function parametersOf(place: "path" | "query", schema: z.ZodObject | undefined): Operation["parameters"] & object {
  const { properties = {}, required = [] } = schema ? schemaOf(schema, "input") : {};
  return Object.entries(properties).map(([name, inner]) => ({ name, in: place, required: required.includes(name), schema: inner }));
}

/** A route without a schema answers text; a list that can be had whole answers that as text too. */
function answersOf(response: Hooks["response"], isExportable: boolean): Record<string, Answer> {
  const text = { schema: { type: "string" } };
  if (response === undefined) return { 200: { description: "Text", content: { "text/plain": text, "application/x-ndjson": text } } };
  const byStatus = "~standard" in response ? { 200: response as z.ZodType } : response;
  return Object.fromEntries(
    Object.entries(byStatus).map(([status, schema]) => [
      status,
      {
        description: status === "201" ? "Made" : "Found or done",
        content: {
          "application/json": { schema: schemaOf(schema, "output") },
          ...(isExportable ? { "application/x-ndjson": text, "text/csv": text } : {}),
        },
      },
    ]),
  );
}

/** As a caller writes it (what has a default may be left out), or as it is answered. The dialect is the document's own. */
function schemaOf(schema: z.ZodType, io: "input" | "output"): Schema {
  const { $schema: _, ...inner } = z.toJSONSchema(schema, { io, unrepresentable: "any" });
  return inner as Schema;
}
