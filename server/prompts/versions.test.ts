import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import * as fc from "fast-check";
import postgres from "postgres";

import { sql } from "../../db/client.ts";
import { ownerUrl } from "../../db/testing.ts";
import { seedPromptJob } from "../../jobs/seed-prompt.ts";
import type { TestApp } from "../../test/app.ts";
import { startTestApp } from "../../test/app.ts";
import { ensureAgent } from "../agents/queries.ts";
import { digest } from "../audit/canonical.ts";
import { verifyChain } from "../audit/verify.ts";
import { insertApiKey } from "../auth/queries.ts";
import { openRun } from "../calls/testing.ts";
import { compactTallies } from "../issues/queries.ts";
import type { Page } from "../paging.ts";
import type { Piece } from "./difference.ts";
import { differenceOf, patchOf } from "./difference.ts";
import { findActivePrompt } from "./queries.ts";
import type { Activation, Difference, PromptSummary, PromptVersion } from "./schema.ts";
import { seedText } from "./seed.ts";

/** The versions of a prompt: made, compared, activated and undone, by the API and by the pages. */
let app: TestApp;
let writer: string;
beforeAll(async () => {
  app = await startTestApp();
  writer = await insertApiKey("writer", "write");
});
afterAll(() => app.stop());

type Versions = Page<PromptSummary>;
type Problem = { type: string; details: { active: number; active_id: string; difference: string } };
type Answer = PromptVersion & Problem;
const get = async <Body = PromptVersion>(path: string) => (await (await app.get(path)).json()) as Body;
const send = (path: string, body: unknown, key = writer) =>
  fetch(`${app.url}${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
const post = async (path: string, body: unknown) => {
  const answer = await send(path, body);
  return { status: answer.status, body: (await answer.json()) as Answer };
};
const submit = (path: string, fields: Record<string, string>) =>
  app.get(path, { method: "POST", body: new URLSearchParams(fields), headers: { origin: app.url } });
const active = () => get("/api/prompts/active");
const opened = () =>
  sql`select count(*)::int as n from prompt_activations where agent_id = ${app.agent.id} and deactivated_at is null`.then(
    ([row]) => row?.n as number,
  );

describe("by the API", () => {
  test("a new version becomes active, names its parent, and is on the chain", async () => {
    const before = await active();
    const { status, body } = await post("/api/prompts", {
      text: "# Read\nRead slowly.\r\n",
      reason: "To read",
      expected_parent: before.id,
    });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      number: before.number + 1,
      text: "# Read\nRead slowly.\n",
      sha256: digest("# Read\nRead slowly.\n"),
      author: "key:writer",
      reason: "To read",
      parent_id: before.id,
    });
    expect((await active()).id).toBe(body.id);
    expect(await opened()).toBe(1);
    const chain = await sql`select kind from audit_log where body like ${`%${body.id}%`} order by seq`;
    expect(chain.map(({ kind }) => kind as string)).toEqual(["prompt.created", "prompt.activated"]);
    expect(await verifyChain()).toMatchObject({ fault: null });
  });

  test("a version that started from another one than the active is refused with the difference, and changes nothing", async () => {
    const before = await active();
    const stale = await post("/api/prompts", { text: "# Read\nRead fast.\n", reason: "To read", expected_parent: before.number - 1 });
    expect(stale.status).toBe(409);
    expect(stale.body).toMatchObject({
      type: "urn:moltbot:problem:conflict",
      details: { active: before.number, active_id: before.id, difference: " # Read\n-Read slowly.\n+Read fast." },
    });
    expect((await active()).id).toBe(before.id);
    expect(await get(`/api/prompts?limit=1`)).toMatchObject({ items: [{ id: before.id }] });
  });

  test("a text that is a version already makes none, and activates that one", async () => {
    const before = await active();
    const again = await post("/api/prompts", { text: before.text, reason: "Once more" });
    expect([again.status, again.body.id]).toEqual([200, before.id]);
    const first = await get("/api/prompts/1");
    const back = await post("/api/prompts", { text: first.text, reason: "As it was" });
    expect([back.status, back.body.id, (await active()).id]).toEqual([200, first.id, first.id]);
    expect(await opened()).toBe(1);
  });

  test("the predecessor's clients create and activate with their own names", async () => {
    const { status, body } = await post("/api/prompts", {
      prompt_text: "# Old\nFrom before.",
      change_summary: "Moved in",
      author: "CelticXfer",
    });
    expect(status).toBe(201);
    expect(body).toMatchObject({ text: "# Old\nFrom before.", reason: "Moved in", author: "key:writer for CelticXfer" });
    expect((await active()).id).toBe(body.id);
    const kept = await post("/api/prompts", { prompt_text: "# Draft\nNot yet.", activate: false });
    expect([kept.status, (await active()).id]).toEqual([201, body.id]);
    expect((await post("/api/prompts", { prompt_text: "# Both", text: "# Both", reason: "x" })).status).toBe(422);
    expect((await post("/api/prompts", { text: " \n ", reason: "x" })).status).toBe(422);
    expect((await post("/api/prompts", { text: "x".repeat(50_001), reason: "x" })).status).toBe(422);
  });

  test("an old version is made active again with a reason, and only against what the caller has seen", async () => {
    const before = await active();
    const refused = await post("/api/prompts/1/activate", { reason: "Back", expected_active: 1 });
    expect([refused.status, refused.body.details.active]).toEqual([409, before.number]);
    expect((await post("/api/prompts/1/activate", { reason: " " })).status).toBe(422);
    expect((await post("/api/prompts/9999/activate", { reason: "Back" })).status).toBe(404);
    const back = await post("/api/prompts/1/activate", { reason: "It went wrong", expected_active: before.id });
    expect([back.status, (await active()).number]).toEqual([200, 1]);
    const { items } = await get<Page<Activation>>("/api/prompts/activations?limit=1");
    expect(items[0]).toMatchObject({ number: 1, actor: "key:writer", reason: "It went wrong", deactivated_at: null });
    // What is active already is not activated once more.
    await post("/api/prompts/1/activate", { reason: "Twice" });
    expect((await get<Page<Activation>>("/api/prompts/activations?limit=1")).items[0]?.reason).toBe("It went wrong");
  });

  test("of many versions made at once each has a number of its own, and one is active", async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, (_, n) => post("/api/prompts", { text: `# Race\n${n}`, reason: "Race" })));
    expect(answers.every(({ status }) => status === 201)).toBe(true);
    expect(new Set(answers.map(({ body }) => body.number)).size).toBe(8);
    expect(await opened()).toBe(1);
    const seen = await active();
    const claims = await Promise.all(
      Array.from({ length: 4 }, (_, n) => post("/api/prompts", { text: `# Claim\n${n}`, reason: "Claim", expected_parent: seen.id })),
    );
    expect(claims.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([201, 409, 409, 409]);
  });

  test("versions are listed in pages, with what their runs came to", async () => {
    const first = await get("/api/prompts/1");
    const run = async (mode: string, cost: number) => {
      const id = Bun.randomUUIDv7();
      await sql`
        insert into runs (id, agent_id, mode, trigger, status, outcome, finished_at, prompt_version_id, cost_usd)
        values (${id}, ${app.agent.id}, ${mode}, 'manual', 'succeeded', 'acted', now(), ${first.id}, ${cost})`;
      return id;
    };
    const odd = await run("sandbox", 0.1);
    await sql`update runs set cost_usd = 0.5 where id = ${odd}`;
    await sql`
      insert into runs (id, agent_id, mode, trigger, status, skip_reason, finished_at, prompt_version_id)
      values (${Bun.randomUUIDv7()}, ${app.agent.id}, 'sandbox', 'manual', 'skipped', 'overlap', now(), ${first.id})`;
    await run("sandbox", 0.25);
    await run("real", 9);
    await sql`
      insert into oddities (id, agent_id, run_id, mode, type, severity, description, fingerprint)
      values (${Bun.randomUUIDv7()}, ${app.agent.id}, ${odd}, 'sandbox', 'test', 'low', 'odd', ${"a".repeat(64)})`;
    const all: PromptSummary[] = [];
    for (let next: string | null = ""; next !== null;) {
      const page: Versions = await get<Versions>(`/api/prompts?limit=3${next && `&cursor=${next}`}`);
      all.push(...page.items);
      next = page.next;
    }
    expect(all.map(({ number }) => number)).toEqual(Array.from({ length: all.length }, (_, at) => all.length - at));
    expect(all.at(-1)).toMatchObject({ number: 1, runs: 2, cost_usd: 0.75, oddities: 1, parent_number: null, length: first.text.length });
    expect(all.at(-1)).not.toHaveProperty("text");
    expect((await get<Versions>("/api/prompts?mode=real")).items.at(-1)).toMatchObject({ runs: 1, cost_usd: 9, oddities: 0 });
    expect((await app.get("/api/prompts?colour=red")).status).toBe(422);
  });

  test("a run that is still being told of holds up neither a run of the same version nor the audit chain", async () => {
    const first = await get("/api/prompts/1");
    const runs = async () => (await get<Versions>("/api/prompts?mode=dry_run")).items.at(-1)?.runs;
    const tell = (tx: typeof sql) => tx`
      with run as (
        insert into runs (id, agent_id, mode, kind, trigger, status, outcome, finished_at, prompt_version_id)
        values (${Bun.randomUUIDv7()}, ${app.agent.id}, 'dry_run', 'claimed', 'import', 'succeeded', 'acted', now(), ${first.id}) returning agent_id
      )
      select append_audit(agent_id, 'test.told', '{}') from run`;
    await tell(sql);
    const owner = postgres(ownerUrl(), { max: 1, onnotice: () => {} });
    await owner.begin(async (tx) => {
      await tx`update runs set prompt_version_id = ${first.id}, cost_usd = 1 where mode = 'dry_run'`;
      await tell(sql);
    });
    await owner.end();
    expect(await runs()).toBe(2);
    await compactTallies();
    expect(await runs()).toBe(2);
    expect((await sql`select from prompt_figures where version_id = ${first.id} and mode = 'dry_run'`).count).toBe(1);
  });

  test("two versions are compared by words or lines, and blanks may be ignored", async () => {
    const one = (await post("/api/prompts", { text: "# A\nBe kind to all.\n  Read.\n", reason: "one" })).body;
    const two = (await post("/api/prompts", { text: "# A\nBe fair to all.\nRead.\n", reason: "two" })).body;
    const diff = await get<Difference>(`/api/prompts/${two.number}/diff?whitespace=ignore`);
    expect(diff).toMatchObject({ from: one.number, to: two.number, by: "words", added: 4, removed: 4 });
    expect(diff.pieces).toContainEqual({ text: "kind", change: "removed" });
    const back = await get<Difference>(`/api/prompts/${one.id}/diff?against=${two.id}&by=lines`);
    expect(back.pieces).toContainEqual({ text: "Be kind to all.\n  Read.\n", change: "added" });
    expect(await get("/api/prompts/1/diff")).toMatchObject({ from: null, to: 1, removed: 0 });
  });

  test("nothing but a write key or a session changes a prompt, and a run's token opens nothing", async () => {
    const { token } = await openRun("burglar");
    const before = (await active()).id;
    const paths = [
      "/api/prompts",
      "/api/prompts/active",
      "/api/prompts/active/text",
      "/api/prompts/1",
      "/api/prompts/activations",
      "/api/prompts/proposals",
    ];
    for (const path of paths) expect((await fetch(app.url + path, { headers: { authorization: `Bearer ${token}` } })).status).toBe(401);
    for (const [key, refusal] of [
      [token, 401],
      [app.apiKey, 403],
    ] as const) {
      expect((await send("/api/prompts", { text: "# Mine now", reason: "mine" }, key)).status).toBe(refusal);
      expect((await send("/api/prompts/1/activate", { reason: "mine" }, key)).status).toBe(refusal);
    }
    expect((await active()).id).toBe(before);
  });

  test("a version cannot be rewritten, not even by the app's own role", async () => {
    await expect(sql`update prompt_versions set text = 'Other'`.execute()).rejects.toThrow(/permission denied/);
    await expect(sql`delete from prompt_versions`.execute()).rejects.toThrow(/permission denied/);
    await expect(sql`update prompt_activations set version_id = version_id`.execute()).rejects.toThrow(/permission denied/);
    await expect(sql`update prompt_proposals set text = 'Other'`.execute()).rejects.toThrow(/permission denied/);
    const other = (await get("/api/prompts/1")).id;
    const twice = sql`
      insert into prompt_activations (id, agent_id, version_id, actor, reason)
      values (${Bun.randomUUIDv7()}, ${app.agent.id}, ${other}, 'test', 'test')`.execute();
    await expect(twice).rejects.toThrow(/prompt_activations_one_active/);
  });
});

describe("on the pages", () => {
  test("the operator edits the active text, and goes back with a reason", async () => {
    const before = await active();
    const edited = await submit("/prompts", {
      text: "# Page\r\nBy hand.",
      reason: "By hand",
      expected_parent: String(before.number),
      activate: "yes",
    });
    expect([edited.status, edited.headers.get("location")]).toEqual([303, "/prompts"]);
    const now = await active();
    expect(now).toMatchObject({ text: "# Page\nBy hand.", author: "operator:operator", parent_id: before.id });
    const page = await (await app.get("/prompts")).text();
    expect(page).toContain(`Version ${now.number} is active.`);
    expect(page).toContain(`action="/prompts/${before.number}/activate"`);
    const back = await submit(`/prompts/${before.number}/activate`, { reason: "Better before", expected_active: String(now.number) });
    expect([back.status, (await active()).number]).toEqual([303, before.number]);
  });

  test("an edit that meets another one keeps its text and shows the difference", async () => {
    const before = await active();
    await post("/api/prompts", { text: "# Meanwhile\nSomebody was faster.", reason: "Faster" });
    const mine = { text: "# Meanwhile\nI was <slower>.", reason: "Slower", activate: "yes" };
    const refused = await submit("/prompts", { ...mine, expected_parent: String(before.number) });
    const page = await refused.text();
    expect(refused.status).toBe(409);
    expect(page).toContain("I was &lt;slower&gt;.</textarea>");
    expect(page).toMatch(/<del>.*Somebody.*<ins>/s);
    const now = await active();
    expect(page).toContain(`name="expected_parent" value="${now.number}"`);
    expect((await submit("/prompts", { ...mine, expected_parent: String(now.number) })).status).toBe(303);
    expect((await active()).text).toBe(mine.text);
  });

  test("a version is shown with its text and its difference to any other", async () => {
    const { number } = await active();
    const page = await (await app.get(`/prompts/${number}?against=1&view=side&by=lines&whitespace=ignore`)).text();
    expect(page).toContain("against version 1");
    expect(page).toContain('aria-label="Before"');
    expect(page).toMatch(/view=side&amp;by=words&amp;whitespace=ignore#changes|by=words/);
    expect(await (await app.get("/prompts/1")).text()).toContain("it has no parent");
    expect((await app.get("/prompts/99999")).status).toBe(404);
    expect((await app.get(`/prompts/${number}?against=zebra&view=cube`)).status).toBe(200);
  });
});

describe("a difference", () => {
  const side = (pieces: Piece[], without: Piece["change"]) =>
    pieces
      .filter(({ change }) => change !== without)
      .map(({ text }) => text)
      .join("");

  test("gives both texts back, whatever they are", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "b", " ", "\n", "é", "🦞", "\u200b", "Aa."), maxLength: 60 });
    fc.assert(
      fc.property(text, text, fc.constantFrom("words" as const, "lines" as const), (before, after, by) => {
        const pieces = differenceOf(before, after, { by, ignoreSpace: false });
        expect([side(pieces, "added"), side(pieces, "removed")]).toEqual([before, after]);
      }),
      { numRuns: 300 },
    );
  });

  test("of the longest texts that have nothing in common is the one for the other, and takes no longer than a page may", () => {
    const before = Array.from({ length: 12_500 }, (_, n) => `a${n % 97}\n`)
      .join("")
      .slice(0, 50_000);
    const after = Array.from({ length: 12_500 }, (_, n) => `b${n % 89}\n`)
      .join("")
      .slice(0, 50_000);
    const pieces = differenceOf(before, after, { by: "words", ignoreSpace: false });
    expect([side(pieces, "added"), side(pieces, "removed")]).toEqual([before, after]);
    expect(pieces).toHaveLength(2);
  }, 5_000);

  test("of a text that has changed in every line is not told word by word without end", () => {
    const text = (word: string) =>
      Array.from({ length: 500 }, (_, n) => (n % 2 ? `same ${n}` : `${word}${n} ${`a ${word} `.repeat(100)}`)).join("\n");
    const pieces = differenceOf(text("x"), text("y"), { by: "words", ignoreSpace: false });
    expect([side(pieces, "added"), side(pieces, "removed")]).toEqual([text("x"), text("y")]);
    expect(pieces.length).toBeWithin(5_000, 12_000);
    expect(pieces.filter(({ text: word, change }) => word === "x0" && change === "removed")).toHaveLength(1);
  });

  test("as a text leaves out what is far from any change", () => {
    const lines = Array.from({ length: 40 }, (_, n) => `line ${n}`);
    const patch = patchOf(lines.join("\n"), lines.with(20, "new").join("\n"));
    expect(patch.split("\n")).toEqual([
      "…",
      " line 17",
      " line 18",
      " line 19",
      "-line 20",
      "+new",
      " line 21",
      " line 22",
      " line 23",
      "…",
    ]);
  });
});

test("the first prompt has every section that a heartbeat is played by", () => {
  const sections = [...seedText("somebody").matchAll(/^# (.+)$/gm)].map(([, name]) => name as string);
  expect(sections).toEqual(["Identity", "Check in", "Read", "Engage", "Maybe post", "Submolts", "Reflect", "Rules", "Output"]);
});

describe("the job seed-prompt", () => {
  const seed = (options: Record<string, string>) => seedPromptJob.run({ agent: app.agent, mcpUrl: "", slot: null }, options);
  const textOf = async (name: string) => (await findActivePrompt((await ensureAgent(name)).id))?.text;

  test("gives an agent its first prompt, and the second time nothing", async () => {
    expect((await seed({ "agent-name": "seedling" })).text).toContain("has its first prompt");
    expect(await textOf("seedling")).toBe(seedText("seedling"));
    expect((await seed({ "agent-name": "seedling" })).text).toContain("nothing was changed");
    expect(seed({ "agent-name": "../etc" })).rejects.toThrow("--agent-name");
  });

  test("takes a file in place of our text, and leaves alone what somebody wrote", async () => {
    const file = join(tmpdir(), `seed-${crypto.randomUUID()}.md`);
    writeFileSync(file, "# Check in\r\nFrom a file.\n");
    expect((await seed({ "agent-name": "seedling", file })).text).toBe("Version 2 of seedling's prompt is active.");
    expect(await textOf("seedling")).toBe("# Check in\nFrom a file.\n");
    writeFileSync(file, "# Check in\nFrom another file.\n");
    expect((await seed({ "agent-name": "seedling", file })).text).toContain("that somebody wrote; nothing was changed");
    expect(await textOf("seedling")).toBe("# Check in\nFrom a file.\n");
    rmSync(file);
    expect(seed({ "agent-name": "sprout", file })).rejects.toThrow("cannot be read (ENOENT)");
  });
});
