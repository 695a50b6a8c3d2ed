import { afterAll, beforeAll, describe, expect, test } from "bun:test";

import { sql } from "../db/client.ts";
import type { TestApp } from "../test/app.ts";
import { startTestApp } from "../test/app.ts";
import { ensureAgent } from "./agents/queries.ts";

let app: TestApp;

/** An id of a moment, as records of the past have them. */
const idAt = (at: string) => Bun.randomUUIDv7("hex", Date.parse(at));
const ids: Record<string, string> = {};

type Fields = {
  agent?: string;
  mode?: string;
  status?: string;
  kind?: string;
  trigger?: string;
  outcome?: string | null;
  summary?: string;
  detail?: string;
  external_id?: string;
};

/** A run of one day at noon, under a name of the test. */
async function run(name: string, day: string, over: Fields = {}): Promise<string> {
  const at = `${day}T12:00:00Z`;
  const agent = await ensureAgent(over.agent ?? "alpha");
  ids[name] = idAt(at);
  await sql`
    insert into runs (id, agent_id, mode, kind, trigger, status, outcome, summary, detail, external_id, created_at, started_at, finished_at)
    values (${ids[name]}, ${agent.id}, ${over.mode ?? "sandbox"}, ${over.kind ?? "heartbeat"}, ${over.trigger ?? "schedule"}, ${over.status ?? "succeeded"},
      ${over.outcome ?? null}, ${over.summary ?? null}, ${over.detail ?? null}, ${over.external_id ?? null}, ${at}, ${at}, ${at})`;
  return ids[name];
}

async function action(name: string, of: string, at: string, over: Record<string, string> = {}): Promise<void> {
  ids[name] = idAt(at);
  const [owner] = await sql<{ agent_id: string; mode: string }[]>`select agent_id, mode from runs where id = ${ids[of] ?? ""}`;
  await sql`insert into actions ${sql({ id: ids[name], run_id: ids[of] ?? "", agent_id: owner?.agent_id ?? "", mode: owner?.mode ?? "", type: "upvoted", ...over })}`;
}

beforeAll(async () => {
  app = await startTestApp();
  await run("plain", "2026-11-01", { outcome: "nothing_to_do", summary: "Read the feed about 100% cotton_wool." });
  await run("dry", "2026-11-02", { mode: "dry_run", trigger: "manual", outcome: "acted" });
  await run("failed", "2026-11-03", { status: "failed", detail: "Credit balance TOO low" });
  await run("told", "2026-11-04", { kind: "claimed", trigger: "import", mode: "real", external_id: "celticxfer-1700000000" });
  await run("other", "2026-11-05", { agent: "beta", outcome: "acted" });
  await action("a1", "plain", "2026-11-01T12:00:01Z", {
    type: "posted",
    target_title: "Tide Clocks",
    target_author: "kelp",
    target_kind: "post",
    target_id: "p1",
  });
  await action("a2", "dry", "2026-11-02T12:00:01Z", { type: "commented", detail: "About <b>tide</b> pools" });
  await action("a3", "told", "2026-11-04T12:00:01Z", {
    source: "claimed",
    target_author: "Tidewater",
    target_kind: "post",
    target_id: "p2",
    target_title: "Real",
  });
  await action("a4", "other", "2026-11-05T23:59:59.999Z", { status: "failed" });
});
afterAll(() => app.stop());

const nameOf = (id: string) => Object.keys(ids).find((name) => ids[name] === id) ?? id;
const listed = async (address: string) => {
  const answer = await app.get(address);
  const { items } = (await answer.json()) as { items: { id: string }[] };
  return items.map(({ id }) => nameOf(id));
};

describe("the list of runs", () => {
  test.each([
    ["status=failed", ["failed"]],
    ["status=completed&mode=real", ["told"]],
    ["mode=dry_run", ["dry"]],
    ["kind=claimed", ["told"]],
    ["trigger=manual", ["dry"]],
    ["outcome=acted", ["other", "dry"]],
    ["agent_name=beta", ["other"]],
    ["agent_name=nobody", []],
    ["outcome=acted&agent_name=alpha", ["dry"]],
    ["date_from=2026-11-04", ["other", "told"]],
    ["date_to=2026-11-02", ["dry", "plain"]],
    ["date_from=2026-11-02&date_to=2026-11-02", ["dry"]],
    ["date_from=2026-11-03T12:00:00Z&date_to=2026-11-03T13:00:00%2B01:00", ["failed"]],
    ["date_from=2026-11-03T12:00:00.001Z&date_to=2026-11-03T12:59:00Z", []],
    ["search=credit", ["failed"]],
    ["search=TOO LOW", ["failed"]],
    ["search=celticxfer-17", ["told"]],
    ["search=100%25", ["plain"]],
    ["search=n_w", ["plain"]],
    ["search=o_o", []],
    ["search=%25%25%25", []],
  ])("by %s", async (query, names) => {
    expect(await listed(`/api/runs?${query}`)).toEqual(names);
  });

  test("finds a run by any part of its id", async () => {
    expect(await listed(`/api/runs?search=${ids.failed}`)).toEqual(["failed"]);
    expect(await listed(`/api/runs?search=${ids.failed?.slice(24).toUpperCase()}`)).toEqual(["failed"]);
  });

  test.each([
    "search=ab",
    "search=%00%00%00",
    "date_from=yesterday",
    "date_to=2026-13-01",
    "outcome=fine",
    "trigger=x",
    "kind=x",
    "newer_than=1",
  ])("refuses %s", async (query) => {
    expect((await app.get(`/api/runs?${query}`)).status).toBe(422);
  });

  test("is searched by its index, however many rows there are", async () => {
    const plan = await sql.begin(async (tx) => {
      await tx`set local enable_seqscan = off`;
      await tx`set local enable_indexscan = off`;
      const runs = await tx`
        explain select id from runs where (coalesce(summary, '') || E'\n' || coalesce(detail, '') || E'\n' || coalesce(external_id, '') || E'\n' || id::text) ilike '%credit%'`;
      const actions = await tx`
        explain select id from actions where (coalesce(target_title, '') || E'\n' || coalesce(target_author, '') || E'\n' || coalesce(detail, '')) ilike '%credit%'`;
      return JSON.stringify([...runs, ...actions]);
    });
    expect(plan).toContain("runs_by_text");
    expect(plan).toContain("actions_by_text");
  });
});

describe("the list of actions", () => {
  test.each([
    ["", ["a4", "a3", "a2", "a1"]],
    ["action_type=posted", ["a1"]],
    ["status=failed", ["a4"]],
    ["source=claimed", ["a3"]],
    ["mode=dry_run", ["a2"]],
    ["agent_name=beta", ["a4"]],
    ["date_from=2026-11-05&date_to=2026-11-05", ["a4"]],
    ["date_to=2026-11-04", ["a3", "a2", "a1"]],
    ["search=tide", ["a3", "a2", "a1"]],
    ["search=tide&mode=sandbox", ["a1"]],
    ["search=tide clocks", ["a1"]],
  ])("by %s", async (query, names) => {
    expect(await listed(`/api/actions?${query}`)).toEqual(names);
  });

  test("of one run", async () => {
    expect(await listed(`/api/actions?run_id=${ids.told}`)).toEqual(["a3"]);
  });
});

describe("a list's page", () => {
  const page = async (address: string) => (await app.get(address)).text();
  const rows = (markup: string) => [...markup.matchAll(/<(?:tr|li)[^>]* id="(?:run|action)-([^"]+)"/g)].map(([, id]) => nameOf(id ?? ""));

  test("shows what its address names, says how many, and leads to the same as a file", async () => {
    const markup = await page("/actions?search=tide&mode=sandbox");
    expect(rows(markup)).toEqual(["a1"]);
    expect(markup).toContain('<span class="matches">1 action</span>');
    expect(markup).toContain('href="/api/actions?search=tide&mode=sandbox&format=csv"');
    expect(rows(await page("/runs?outcome=acted"))).toEqual(["other", "dry"]);
  });

  test("leaves out what it cannot read, and says so", async () => {
    const markup = await page("/runs?status=asleep&mode=dry_run&cursor=x&utm_source=mail");
    expect(rows(markup)).toEqual(["dry"]);
    expect(markup.replaceAll(/<[^>]+>/g, "")).toContain("Left out, because it cannot be read here: status, cursor, utm_source.");
    expect(await page("/runs?mode=dry_run")).not.toContain("Left out");
    for (const query of ["limit=1&limit=2", "status=%00", "search=%00%00%00", "__proto__=1", "constructor=1", "date_from=2026-02-31"])
      expect([query, (await app.get(`/actions?${query}`)).status]).toEqual([query, 200]);
  });

  test("goes to older rows and back to newer ones, with its filter, and to the beginning from close to it", async () => {
    const first = await page("/runs?limit=2&mode=sandbox");
    expect(rows(first)).toEqual(["other", "failed"]);
    const older = /href="([^"]+)" rel="next"/.exec(first)?.[1] ?? "";
    const second = await page(older);
    expect(rows(second)).toEqual(["plain"]);
    const newer = /href="([^"]+)" rel="prev"/.exec(second)?.[1] ?? "";
    expect(newer).toContain("mode=sandbox");
    expect(rows(await page(newer))).toEqual(["other", "failed"]);
    const close = await app.get(`/runs?limit=2&mode=sandbox&newer_than=${ids.failed}`);
    expect([close.status, close.headers.get("location")]).toEqual([303, "/runs?limit=2&mode=sandbox"]);
  });

  test("forgets the fields that its form left empty", async () => {
    const answer = await app.get("/actions?search=&action_type=posted&status=&date_from=");
    expect([answer.status, answer.headers.get("location")]).toEqual([303, "/actions?action_type=posted"]);
  });

  test("links to Moltbook from what was real alone", async () => {
    expect(await page("/actions?mode=real")).toContain('href="https://www.moltbook.com/post/p2" rel="noopener noreferrer"');
    expect(await page("/actions?mode=sandbox")).not.toContain("www.moltbook.com");
  });
});

describe("the list of tool calls", () => {
  beforeAll(async () => {
    const calls = [
      ["c1", "plain", { tool: "moltbook_home", outcome: "ok", upstream_status: 200 }],
      ["c2", "dry", { tool: "moltbook_vote", outcome: "denied", is_write: true }],
      ["c3", "failed", { tool: "moltbook_home", outcome: "tool_error", upstream_status: 404 }],
      ["c4", "other", { tool: "home", outcome: "tool_error", upstream_status: 503 }],
    ] as const;
    for (const [name, of, over] of calls) {
      await sql`
        insert into tool_calls (id, agent_id, run_id, mode, tool, is_write, arguments, arguments_sha256, outcome, upstream_status, finished_at)
        select id, agent_id, id, mode, ${over.tool}, ${"is_write" in over}, '{}', ${"0".repeat(64)}, ${over.outcome}, ${"upstream_status" in over ? over.upstream_status : null}, now()
        from runs where id = ${ids[of] ?? ""}`;
      ids[name] = ids[of] ?? "";
      delete ids[of];
    }
  });

  test.each([
    ["", ["c4", "c3", "c2", "c1"]],
    ["tool_name=moltbook_vote", ["c2"]],
    ["tool_name=vote", ["c2"]],
    ["tool_name=home", ["c4", "c3", "c1"]],
    ["outcome=tool_error", ["c4", "c3"]],
    ["outcome=ok", ["c1"]],
    ["min_status=400", ["c4", "c3"]],
    ["min_status=500", ["c4"]],
    ["mode=dry_run", ["c2"]],
    ["agent_name=beta", ["c4"]],
    ["date_to=2026-11-02", ["c2", "c1"]],
  ])("by %s", async (query, names) => {
    expect(await listed(`/api/security/tool-calls?${query}`)).toEqual(names);
  });

  test("by the run", async () => {
    expect(await listed(`/api/security/tool-calls?run_id=${ids.c3}`)).toEqual(["c3"]);
  });

  test.each(["min_status=200", "min_status=600", "outcome=fine"])("refuses %s", async (query) => {
    expect((await app.get(`/api/security/tool-calls?${query}`)).status).toBe(422);
  });
});
