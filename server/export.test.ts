import { afterAll, beforeAll, expect, test } from "bun:test";

import { sql } from "../db/client.ts";
import type { TestApp } from "../test/app.ts";
import { startTestApp } from "../test/app.ts";
import type { Action } from "./actions/schema.ts";
import { claimedRun } from "./runs/testing.ts";

let app: TestApp;
let run: string;
const HOSTILE = [
  '=HYPERLINK("http://evil.example","x")',
  "+1",
  "-2+3",
  "@SUM(A1)",
  "\tx",
  "\r=1",
  " =1",
  'a "quoted", title\nin two lines',
  "plain ünïcödé 🦀",
];

beforeAll(async () => {
  app = await startTestApp();
  run = await claimedRun(app.agent.id);
  for (let n = 0; n < 250; n += 1)
    await sql`
      insert into actions (id, agent_id, run_id, mode, type, target_title) values (${Bun.randomUUIDv7()}, ${app.agent.id}, ${run}, 'sandbox',
        ${n % 10 === 0 ? "posted" : "upvoted"}, ${HOSTILE[n % HOSTILE.length] ?? null})`;
  await sql`
    insert into tool_calls (id, agent_id, run_id, mode, tool, is_write, arguments, arguments_sha256)
    values (${Bun.randomUUIDv7()}, ${app.agent.id}, ${run}, 'sandbox', 'moltbook_home', false, '{"sort":"new","n":[1,2]}', ${"0".repeat(64)})`;
});
afterAll(() => app.stop());

/** The fields of a CSV text, by RFC 4180. */
function parse(text: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, bare, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? bare ?? "");
    if (end === "\r\n") rows.push([]);
  }
  return rows.slice(0, -1);
}

test("a list is exported whole as NDJSON, exactly as the filter names it, whatever the limit", async () => {
  const answer = await app.get("/api/actions?action_type=upvoted&format=ndjson&limit=5");
  expect([answer.status, answer.headers.get("content-type"), answer.headers.get("content-disposition")]).toEqual([
    200,
    "application/x-ndjson",
    'attachment; filename="actions.ndjson"',
  ]);
  expect(answer.headers.get("content-security-policy")).toContain("default-src");
  const rows = (await answer.text())
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Action);
  expect(rows.length).toBe(225);
  expect(new Set(rows.map(({ id }) => id)).size).toBe(225);
  expect(rows.map(({ id }) => id)).toEqual(
    rows
      .map(({ id }) => id)
      .toSorted()
      .toReversed(),
  );
  const page = (await (await app.get("/api/actions?action_type=upvoted&limit=100")).json()) as { items: Action[] };
  expect(rows.slice(0, 100)).toEqual(page.items);
});

test("as CSV it has a header, keeps every text, and no text is a formula", async () => {
  const answer = await app.get("/api/actions?format=csv");
  expect([answer.headers.get("content-type"), answer.headers.get("content-disposition")]).toEqual([
    "text/csv; charset=utf-8; header=present",
    'attachment; filename="actions.csv"',
  ]);
  const [head = [], ...rows] = parse(await answer.text());
  expect(head.slice(0, 3)).toEqual(["id", "agent_id", "run_id"]);
  expect(rows.length).toBe(250);
  expect(rows.every((row) => row.length === head.length)).toBe(true);
  const titles = new Set(rows.map((row) => row[head.indexOf("target_title")] ?? ""));
  expect([...titles].toSorted()).toEqual(HOSTILE.map((text) => (/^\s*[=+\-@\t\r]/.test(text) ? `'${text}` : text)).toSorted());
  expect([...titles].filter((text) => /^[=+\-@\t\r]/.test(text))).toEqual([]);
});

test("nested values are JSON in CSV, and an empty list is its header alone", async () => {
  const [head = [], row = []] = parse(await (await app.get("/api/security/tool-calls?format=csv")).text());
  expect(JSON.parse(row[head.indexOf("arguments")] ?? "")).toEqual({ sort: "new", n: [1, 2] });
  expect(row[head.indexOf("finished_at")]).toBe("");
  const empty = await (await app.get("/api/runs?format=csv&status=lost")).text();
  expect([empty.startsWith("id,agent_id,"), empty.trimEnd().includes("\n")]).toEqual([true, false]);
  expect(await (await app.get("/api/runs?format=ndjson&status=lost")).text()).toBe("");
});

test("an export asks for what it may ask for, and starts where it is told to", async () => {
  expect((await app.get("/api/actions?format=xml")).status).toBe(422);
  const { next } = (await (await app.get("/api/actions?limit=100")).json()) as { next: string };
  const rest = await (await app.get(`/api/actions?format=ndjson&cursor=${next}`)).text();
  expect(rest.trimEnd().split("\n").length).toBe(150);
});

test.each(["/api/security/blocked-authors", "/api/account/message-requests", "/api/filter/rules/override/hits"])(
  "%s can be had whole as well",
  async (path) => {
    const answer = await app.get(`${path}?format=csv`);
    expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "text/csv; charset=utf-8; header=present"]);
  },
);

test("an export holds no more of a row than a page does", async () => {
  await sql`
    insert into filter_inputs (agent_id, content_hash, text) values (${app.agent.id}, ${"a".repeat(64)}, 'what nobody asked for')`;
  await sql`
    insert into exposures (id, agent_id, run_id, call_id, seq, kind, field, content_hash, band, score, rules, filter_version, delivered)
    values (${Bun.randomUUIDv7()}, ${app.agent.id}, ${run}, ${Bun.randomUUIDv7()}, 0, 'post', 'text', ${"a".repeat(64)}, 'withhold', 1, '{override}', 'v1', false)`;
  const path = "/api/filter/rules/override/hits";
  const { items } = (await (await app.get(path)).json()) as { items: object[] };
  expect(items.length).toBe(1);
  expect(JSON.parse(await (await app.get(`${path}?format=ndjson`)).text())).toEqual(items[0]);
});
