import { afterAll, beforeAll, expect, test } from "bun:test";

import addFormats from "ajv-formats";
import Ajv from "ajv/dist/2020.js";

import type { TestApp } from "../../test/app.ts";
import { startTestApp } from "../../test/app.ts";
import { heartbeat } from "../../test/heartbeat.ts";
import { connectAgent, openRun } from "../calls/testing.ts";
import { config } from "../config.ts";
import { closeRun } from "../runs/queries.ts";
import type { Document } from "./schema.ts";

let app: TestApp;
let document: Document;
const ajv = new Ajv({ strict: false, allErrors: true });
addFormats.default(ajv);
const NOWHERE = "01890000-0000-7000-8000-000000000000";

beforeAll(async () => {
  app = await startTestApp();
  const run = await openRun(config.agentName);
  const agent = await connectAgent(app.mcpUrl, run.token);
  const calls = heartbeat(app.sandbox, new Set(), "described");
  for (let step = calls.next(); !step.done;) step = calls.next((await agent.call(step.value.name, step.value.args)).data);
  await agent.close();
  await closeRun(run.id, { status: "succeeded", outcome: null, detail: null, exitCode: 0, report: null });
  const body = JSON.stringify({ author: "spammer", reason: "Spam.", duration_hours: 24 });
  await app.get("/api/security/blocked-authors", { method: "POST", body, headers: { "content-type": "application/json" } });
  document = (await (await app.get("/api/openapi.json")).json()) as Document;
});
afterAll(() => app.stop());

/** The address of a documented path: each parameter is the id of the first item of the list before it. Null where that list is empty. */
async function addressOf(path: string): Promise<string | null> {
  let address = "";
  for (const part of path.split("/").slice(1)) {
    if (!part.startsWith("{")) {
      address += `/${part}`;
      continue;
    }
    const { items = [] } = (await (await app.get(address)).json()) as { items?: { id?: string }[] };
    if (items[0]?.id === undefined) return null;
    address += `/${items[0].id}`;
  }
  return address;
}

/** What an answer gets wrong by the document: nothing. */
async function faultsOf(path: string, answer: Response): Promise<unknown[]> {
  const type = answer.headers.get("content-type")?.split(";", 1)[0] ?? "";
  const responses = document.paths[path]?.get?.responses ?? {};
  const said = responses[answer.status] ?? responses[`${String(answer.status)[0]}XX`];
  const described = said?.$ref ? (document.components.responses as Record<string, typeof said>)[said.$ref.split("/").at(-1) ?? ""] : said;
  const schema = described?.content?.[type]?.schema;
  if (schema === undefined) return [`${answer.status} ${type} is not described`];
  const validate = ajv.compile(schema);
  return validate(type.endsWith("+json") || type === "application/json" ? await answer.json() : await answer.text())
    ? []
    : (validate.errors ?? []);
}

test("the document is one of OpenAPI 3.1, and its schemas are JSON Schemas", () => {
  expect([document.openapi, document.info.title]).toEqual(["3.1.0", "Moltbot"]);
  for (const operations of Object.values(document.paths))
    for (const { summary, parameters = [], requestBody, responses } of Object.values(operations)) {
      expect(summary).toMatch(/^[A-Z]/);
      const bodies = [
        ...Object.values(requestBody?.content ?? {}),
        ...Object.values(responses).flatMap(({ content = {} }) => Object.values(content)),
      ];
      for (const { schema } of [...parameters, ...bodies]) expect(ajv.validateSchema(schema)).toBe(true);
    }
});

test("every documented GET answers what the document says, found or not, understood or not, signed in or not", async () => {
  const seen: string[] = [];
  for (const [path, { get }] of Object.entries(document.paths)) {
    if (!get) continue;
    const found = await addressOf(path);
    const addresses = [found, path.replaceAll(/\{[^}]+\}/g, NOWHERE), `${found ?? path}?no_such_parameter=1`].filter(
      (address) => address !== null,
    );
    for (const address of addresses) {
      const answer = await app.get(address);
      expect({ address, faults: await faultsOf(path, answer) }).toEqual({ address, faults: [] });
      if (answer.status === 200) seen.push(path);
    }
    expect({ path, faults: await faultsOf(path, await fetch(app.url + addresses[0])) }).toEqual({ path, faults: [] });
  }
  expect(seen).toEqual(
    expect.arrayContaining([
      "/api/runs",
      "/api/runs/{id}",
      "/api/actions",
      "/api/security/tool-calls",
      "/api/security/tool-calls/{id}",
      "/api/stats",
    ]),
  );
});

test("every filter that is documented with a choice takes each of its words", async () => {
  for (const [path, { get }] of Object.entries(document.paths)) {
    if (path.includes("{")) continue;
    for (const { name, schema } of get?.parameters ?? [])
      for (const word of (schema.enum as string[] | undefined) ?? []) {
        const address = `${path}?${name}=${word}`;
        const answer = await app.get(address);
        expect({ address, status: answer.status, faults: await faultsOf(path, answer) }).toEqual({ address, status: 200, faults: [] });
      }
  }
});

test("an answer that is known already is not sent again, unless something but the moment of counting has changed", async () => {
  for (const path of ["/api/stats", "/api/runs", "/api/actions?limit=2"]) {
    const first = await app.get(path);
    const etag = first.headers.get("etag") ?? "";
    expect([path, etag]).toEqual([path, expect.stringMatching(/^W\/"[\w-]{22}"$/)]);
    const again = await app.get(path, { headers: { "if-none-match": `"other", ${etag}` } });
    expect([path, again.status, await again.text(), again.headers.get("etag")]).toEqual([path, 304, "", etag]);
    expect(again.headers.get("content-security-policy")).toContain("default-src");
    expect((await app.get(path, { headers: { "if-none-match": 'W/"other"' } })).status).toBe(200);
  }
  const etag = (await app.get("/api/runs")).headers.get("etag") ?? "";
  await closeRun((await openRun("another")).id, { status: "failed", outcome: null, detail: null, exitCode: 1, report: null });
  expect((await app.get("/api/runs", { headers: { "if-none-match": etag } })).status).toBe(200);
  expect((await fetch(`${app.url}/api/runs`, { headers: { "if-none-match": "*" } })).status).toBe(401);
});

test("the page names every address, and asks nobody else for anything", async () => {
  const page = await (await app.get("/api")).text();
  for (const path of Object.keys(document.paths)) expect(page).toContain(`<code>${path}</code>`);
  expect(
    [...page.matchAll(/(?:src|href)="([^"]+)"/g)].filter(([, address]) => !address?.startsWith("/") && !address?.startsWith("#")),
  ).toEqual([]);
  expect((await fetch(`${app.url}/api`, { redirect: "manual" })).headers.get("location")).toBe("/sign-in");
});
