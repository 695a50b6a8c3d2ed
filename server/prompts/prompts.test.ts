import { afterAll, afterEach, beforeAll, expect, spyOn, test } from "bun:test";

import postgres from "postgres";

import { sql } from "../../db/client.ts";
import { ownerUrl } from "../../db/testing.ts";
import type { TestApp } from "../../test/app.ts";
import { startTestApp, until } from "../../test/app.ts";
import { digest } from "../audit/canonical.ts";
import { verifyChain } from "../audit/verify.ts";
import type { TestAgent, TestRun } from "../calls/testing.ts";
import { connectAgent, openRun } from "../calls/testing.ts";
import { seedPrompt } from "./queries.ts";
import { seedText } from "./seed.ts";

/** An agent's own prompt: what it may read of it, and what comes of its wish to change it. */
let app: TestApp;
const opened: TestAgent[] = [];
const SEED = seedText("somebody");
const TEXT = "# Identity\nYou are somebody else now, and you would like to stay that way.";

beforeAll(async () => {
  app = await startTestApp();
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((agent) => agent.close()));
});
afterAll(() => app.stop());

/** A live run of an agent of its own, which has a first version unless `seed` is false. */
async function wake(name: string, era: "legacy" | "modern" = "modern", seed = true) {
  const run = await openRun(name);
  if (seed) await seedPrompt(run.agent.id, SEED);
  const agent = await connectAgent(app.mcpUrl, run.token, era);
  opened.push(agent);
  const propose = (prompt_text: string, change_summary = "A change of heart") =>
    agent.call("moltbook_update_identity", { prompt_text, change_summary });
  return { ...run, client: agent.client, propose };
}

const proposalsOf = (run: TestRun) => sql`
  select p.id, p.status, p.text, p.sha256, p.reason, p.run_id, v.number as parent from prompt_proposals p left join prompt_versions v on v.id = p.parent_id
  where p.agent_id = ${run.agent.id} order by p.id`;
const activeOf = async (run: TestRun) =>
  (
    await sql`select v.text from prompt_activations a join prompt_versions v on v.id = a.version_id where a.agent_id = ${run.agent.id} and a.deactivated_at is null`
  )[0]?.text as string;

test("a proposal is a proposal: it waits for a person, and nothing becomes active", async () => {
  const run = await wake("proposer");
  const { data, isError } = await run.propose(`  ${TEXT}\n`, "I was told that I am somebody else.");
  expect(isError).toBe(false);
  expect(data).toMatchObject({ status: "pending_approval", proposal_id: expect.any(String), expires_at: expect.any(String) });
  const [proposal] = await proposalsOf(run);
  expect(proposal).toMatchObject({
    id: data.proposal_id,
    status: "open",
    text: TEXT,
    sha256: digest(TEXT),
    run_id: run.id,
    parent: 1,
  });
  expect(await activeOf(run)).toBe(SEED);
  expect(await sql`select from prompt_versions where agent_id = ${run.agent.id}`).toHaveLength(1);
  const actions = await sql`select type, status, target_kind, target_id, detail from actions where run_id = ${run.id}`;
  expect([...actions]).toEqual([
    {
      type: "proposed_identity",
      status: "done",
      target_kind: "prompt",
      target_id: data.proposal_id as string,
      detail: "I was told that I am somebody else.",
    },
  ]);
  const audit = await sql`select body from audit_log where kind = 'prompt.proposed' and agent_id = ${run.agent.id}`;
  expect(audit).toHaveLength(1);
  expect(audit[0]?.body).not.toContain("somebody else");
});

test("two a day: the newer replaces the older, the third is refused and changes nothing", async () => {
  const run = await wake("restless");
  const first = await run.propose(`${TEXT} One.`);
  const second = await run.propose(`${TEXT} Two.`);
  const third = await run.propose(`${TEXT} Three.`);
  expect(third).toMatchObject({ isError: true, text: expect.stringContaining("two changes within a day") });
  expect((await proposalsOf(run)).map(({ id, status }) => [id as string, status as string])).toEqual([
    [String(first.data.proposal_id), "superseded"],
    [String(second.data.proposal_id), "open"],
  ]);
  const calls = await sql`select outcome from tool_calls where run_id = ${run.id} order by id`;
  expect(calls.map(({ outcome }) => outcome as string)).toEqual(["ok", "ok", "rate_limited"]);
  // Another agent's day is its own.
  const other = await wake("patient");
  expect((await other.propose(TEXT)).isError).toBe(false);
});

test("a dry run proposes nothing: what waits for a person stays as it is", async () => {
  const run = await wake("rehearser");
  const first = await run.propose(`${TEXT} In earnest.`);
  await sql`update runs set mode = 'dry_run' where id = ${run.id}`;
  const { data, isError } = await run.propose(`${TEXT} Only to try.`);
  expect([isError, data]).toEqual([false, { status: "pending_approval", proposal_id: null, expires_at: null } as never]);
  expect((await proposalsOf(run)).map(({ id, status }) => [id as string, status as string])).toEqual([
    [String(first.data.proposal_id), "open"],
  ]);
  const actions = await sql`select mode, type, detail from actions where run_id = ${run.id} order by id desc limit 1`;
  expect([...actions]).toEqual([{ mode: "dry_run", type: "proposed_identity", detail: "A change of heart" }]);
});

test("proposals at the same moment are still two at most, one of them open", async () => {
  const run = await wake("impatient");
  const replies = await Promise.all(["a", "b", "c", "d", "e"].map((word) => run.propose(`${TEXT} ${word}`)));
  expect(replies.filter(({ isError }) => !isError)).toHaveLength(2);
  expect((await proposalsOf(run)).map(({ status }) => status as string).toSorted()).toEqual(["open", "superseded"]);
});

test("the text that is active already, or waits already, makes no proposal", async () => {
  const run = await wake("content");
  for (const same of [SEED, SEED.trim(), `\n${SEED}\n\n`]) {
    expect((await run.propose(same)).data).toEqual({ status: "unchanged", proposal_id: null, expires_at: null } as never);
  }
  expect(await proposalsOf(run)).toHaveLength(0);
  const first = await run.propose(TEXT);
  const again = await run.propose(`${TEXT} `);
  expect(again.data).toEqual(first.data);
  expect(await proposalsOf(run)).toHaveLength(1);
});

test("odd texts are kept as far as they can be, and texts that are none are refused", async () => {
  const run = await wake("odd");
  expect((await run.propose("Too short")).isError).toBe(true);
  expect((await run.propose("x".repeat(50_001))).isError).toBe(true);
  expect((await run.propose(TEXT, "so")).isError).toBe(true);
  expect(await proposalsOf(run)).toHaveLength(0);
  const { isError } = await run.propose(`nul \u0000, half \ud83d, ${"🦞".repeat(40)}`, "🦞🦞🦞🦞🦞");
  expect(isError).toBe(false);
  const long = await run.propose("🦞".repeat(50_000));
  expect(long.isError).toBe(false);
  const [odd, many] = await proposalsOf(run);
  expect(odd).toMatchObject({ text: `nul \ufffd, half \ufffd, ${"🦞".repeat(40)}`, reason: "🦞🦞🦞🦞🦞" });
  expect(odd?.sha256).toBe(digest(odd?.text as string));
  expect(many?.text).toBe("🦞".repeat(50_000));
});

for (const era of ["legacy", "modern"] as const) {
  test(`an agent reads its own prompt as a resource and as the prompt of a heartbeat (${era})`, async () => {
    const run = await wake(`reader_${era}`, era);
    const { resources } = await run.client.listResources();
    expect(resources.map(({ uri }) => uri)).toContain("moltbot://prompts/active");
    const read = async (uri: string) => (await run.client.readResource({ uri })).contents[0];
    expect(await read("moltbot://prompts/active")).toMatchObject({ text: SEED, mimeType: "text/markdown" });
    expect(await read("moltbot://prompts/1")).toMatchObject({ text: SEED });
    for (const uri of [
      "moltbot://prompts/2",
      "moltbot://prompts/0",
      "moltbot://prompts/1%20or%201",
      "moltbot://prompts/99999999999",
      "moltbot://keys/1",
    ]) {
      await expect(read(uri)).rejects.toThrow(/not found/i);
    }
    const { messages } = await run.client.getPrompt({ name: "heartbeat" });
    expect(messages).toEqual([{ role: "user", content: { type: "text", text: SEED } }]);
  });
}

test("one agent's prompts are nothing to another", async () => {
  const run = await wake("nobody", "modern", false);
  await expect(run.client.readResource({ uri: "moltbot://prompts/active" })).rejects.toThrow(/not found/i);
  await expect(run.client.readResource({ uri: "moltbot://prompts/1" })).rejects.toThrow(/not found/i);
  await expect(run.client.getPrompt({ name: "heartbeat" })).rejects.toThrow(/not found/i);
});

test("an internal error behind a resource, a prompt or a proposal is masked, and the log has it", async () => {
  const run = await wake("masked");
  const owner = postgres(ownerUrl(), { max: 1 });
  const stderr = spyOn(process.stderr, "write").mockImplementation(() => true);
  await owner`alter table prompt_versions rename column text to text_gone`;
  const errors = [];
  for (const uri of ["moltbot://prompts/active", "moltbot://prompts/1"]) errors.push(await run.client.readResource({ uri }).catch(String));
  errors.push(await run.client.getPrompt({ name: "heartbeat" }).catch(String));
  const proposal = (await run.propose(TEXT)).text;
  await owner`alter table prompt_versions rename column text_gone to text`;
  const logged = stderr.mock.calls.map(([line]) => String(line)).filter((line) => line.includes("v.text"));
  stderr.mockRestore();
  await owner.end();
  for (const error of errors) {
    expect(error).toContain("Internal error");
    expect(error).not.toMatch(/column|v\.text|prompt_versions/);
  }
  expect(proposal).toBe("What you want to send could not be looked through, so nothing was sent. Try again later.");
  expect(logged.filter((line) => line.includes('"event":"resource.failed"'))).toHaveLength(3);
  expect(logged.filter((line) => line.includes('"event":"outgoing.not_inspected"'))).toHaveLength(1);
});

test("programs read the active prompt as plain text, with its version, and need not read it twice", async () => {
  const first = await app.get("/api/prompts/active/text");
  expect(first.status).toBe(200);
  expect(await first.text()).toBe(seedText(app.agent.name));
  expect([first.headers.get("x-prompt-version"), first.headers.get("content-type")]).toEqual(["1", "text/plain; charset=utf-8"]);
  expect(first.headers.get("cache-control")).toBe("private, no-cache");
  const etag = first.headers.get("etag") ?? "";
  expect(etag).toBe(`"${digest(seedText(app.agent.name))}"`);
  expect((await app.get("/api/prompts/active/text", { headers: { "if-none-match": etag } })).status).toBe(304);
  expect((await fetch(`${app.url}/api/prompts/active/text`)).status).toBe(401);
  expect(await verifyChain()).toMatchObject({ fault: null });
});

test("a first version that has to wait for a row keeps nobody from the audit chain meanwhile", async () => {
  const { agent } = await openRun("waiter");
  const owner = postgres(ownerUrl(), { max: 2, onnotice: () => {} });
  await owner.unsafe(`
    create function wait_for_turn() returns trigger language plpgsql as $$ begin perform pg_advisory_xact_lock(4711); return new; end $$;
    create trigger waits before insert on prompt_activations for each row execute function wait_for_turn()`);
  try {
    const seeding = await owner.begin(async (tx) => {
      await tx`select pg_advisory_xact_lock(4711)`;
      const seeded = seedPrompt(agent.id, SEED);
      await until(async () => (await owner`select from pg_locks where locktype = 'advisory' and objid = 4711 and not granted`).count > 0);
      await owner.begin(async (other) => {
        await other`select set_config('lock_timeout', '2s', true)`;
        await other`select append_audit(null, 'test.happened', '{}')`;
      });
      return { seeded };
    });
    expect(await seeding.seeded).toBe(true);
  } finally {
    await owner`drop function wait_for_turn cascade`;
    await owner.end();
  }
});
