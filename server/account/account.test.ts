import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import postgres from "postgres";

import { sql } from "../../db/client.ts";
import { ownerUrl } from "../../db/testing.ts";
import type { TestApp } from "../../test/app.ts";
import { startTestApp } from "../../test/app.ts";
import { digest } from "../audit/canonical.ts";
import { verifyChain } from "../audit/verify.ts";
import { insertApiKey } from "../auth/queries.ts";
import { config } from "../config.ts";
import { connectMoltbook, moltbook } from "../moltbook/connection.ts";
import { followUp } from "../moltbook/follow-up/follow-up.ts";
import { openDouble, openScreen, TEST_KEY } from "../moltbook/testing.ts";
import { claimedRun } from "../runs/testing.ts";
import type { AccountReport, Budget, MessageRequest } from "./schema.ts";

/** The operator's side of the account on Moltbook: how it stands, what may still be done, and the decisions that only a person makes. */
let app: TestApp;
let owner: postgres.Sql;
let writeKey: string;

beforeAll(async () => {
  app = await startTestApp();
  owner = postgres(ownerUrl(), { max: 1, onnotice: () => {} });
  writeKey = await insertApiKey("decider", "write");
});
beforeEach(() => connectMoltbook({ baseUrl: app.sandbox.url, apiKey: app.sandbox.apiKey, screen: openScreen }));
afterEach(async () => {
  await owner`truncate moltbook_accounts, moltbook_budgets, moltbook_intents, moltbook_writings, moltbook_message_requests, moltbook_features`;
});
afterAll(async () => {
  await app.stop();
  await owner.end();
});

const report = async () => (await (await app.get("/api/account")).json()) as AccountReport;
const page = async (path = "/account") => readable(await (await app.get(path)).text());
/** Text as a reader sees it. */
const readable = (markup: string) =>
  markup
    .replaceAll(/<[^>]*>/g, "")
    .replaceAll(/\s+/g, " ")
    .replaceAll("&#x27;", "'")
    .replaceAll("&quot;", '"');
const post = (path: string, form: Record<string, string>, headers: Record<string, string> = {}) =>
  app.get(path, { method: "POST", body: new URLSearchParams(form), headers });
const send = (path: string, body: unknown, key = writeKey) =>
  fetch(`${app.url}/api/account${path}`, {
    method: "POST",
    body: JSON.stringify(body),
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
  });
const auditOf = async (kind: string) =>
  (await sql<{ body: string }[]>`select body from audit_log where kind = ${kind} order by seq`).map(({ body }) => body);

async function account(values: Record<string, unknown>, mode = "sandbox"): Promise<void> {
  await sql`insert into moltbook_accounts ${sql({ agent_id: app.agent.id, mode, checked_at: new Date().toISOString(), ...values })}`;
}

async function request(id: string, values: Record<string, unknown> = {}, mode = "sandbox"): Promise<void> {
  const row = {
    agent_id: app.agent.id,
    mode,
    conversation_id: id,
    from_agent: "curious-crab",
    preview: "May I ask you something?",
    ...values,
  };
  await sql`insert into moltbook_message_requests ${sql(row)}`;
}

const stateOf = async (id: string) =>
  (await sql<MessageRequest[]>`select state, decided_by, decision_reason from moltbook_message_requests where conversation_id = ${id}`)[0];

/** Moltbook as it answers one decision. */
function answering(answer: () => Response | Promise<Response>) {
  const double = openDouble(answer);
  connectMoltbook({ baseUrl: double.baseUrl, apiKey: TEST_KEY, screen: openScreen });
  return double;
}

describe("a dry run", () => {
  test("is no heartbeat of the overview, which shows it apart, and says what it is wherever it is listed", async () => {
    const run = await newRun("dry_run");
    await owner`update runs set status = 'succeeded', outcome = 'acted', started_at = now(), finished_at = now() where id = ${run}`;
    await sql`insert into actions ${sql({ id: Bun.randomUUIDv7(), agent_id: app.agent.id, run_id: run, mode: "dry_run", type: "upvoted", target_title: "A post" })}`;
    await sql`insert into events ${sql({ id: Bun.randomUUIDv7(), agent_id: app.agent.id, run_id: run, mode: "dry_run", type: "x", severity: "critical", title: "Only in the dry run", fingerprint: digest("x") })}`;
    const [overview, { last_run_at }] = [await page("/"), (await (await app.get("/api/stats")).json()) as { last_run_at: string | null }];
    expect(overview).toContain("No heartbeat yet");
    expect(last_run_at).toBeNull();
    expect(overview).toContain("Dry run: would have acted, just now. Nothing was sent.");
    expect(overview).not.toContain("A post");
    expect(overview).not.toContain("Only in the dry run");
    expect(await page("/runs?mode=dry_run")).toContain("By handDry run: nothing was sent");
    const itself = await page(`/runs/${run}`);
    expect(itself).toContain("Dry run: nothing was sent");
    expect(itself).toContain("1 action and 0 calls");
    expect(await page(`/runs/${run}?tab=actions`)).toContain("Would have upvoted A post");
    expect(itself).toContain("Only in the dry run");
  });
});

describe("the page", () => {
  test("of an account that nothing is known of says what to do, and claims nothing", async () => {
    const text = await page();
    for (const words of [
      "Not known yet.",
      "Press Run now",
      "Moltbook has not answered yet",
      "Not looked at yet",
      "Nobody has asked",
      "Nobody has tried yet",
      "No challenge is on record",
    ])
      expect(text).toContain(words);
    expect((await report()).health).toMatchObject({ state: "unknown", checked_at: null, failures_in_row: 0, open_requests: 0 });
    expect(await page("/")).toContain("All is quiet.");
  });

  test.each([
    ["ok", "In good standing.", null],
    ["unclaimed", "Not claimed.", "claim link"],
    ["key_refused", "Key refused.", "MOLTBOOK_API_KEY"],
    ["wrong_host", "Wrong host.", "MOLTBOOK_API_BASE"],
    ["forbidden", "Forbidden.", "Sign in at Moltbook"],
    ["captcha", "Captcha wanted.", "No agent is given it"],
  ])("says of an account that is %s what it means and what to do; the overview says it first", async (state, word, todo) => {
    await account({ state, detail: state === "ok" ? null : "in Moltbook's words" });
    const [text, overview] = [await page(), await page("/")];
    expect(text).toContain(word);
    if (todo === null) return expect(overview).toContain("All is quiet.");
    expect(text).toContain(todo);
    expect(text).toContain("in Moltbook's words");
    expect(overview).toContain(`${word} `);
    expect(overview).toContain(`The account on Moltbook: ${word.slice(0, -1).toLowerCase()}`);
    expect(overview).not.toContain("Alive.");
  });

  test("of a suspended account counts down, and afterwards waits for proof", async () => {
    const until = new Date(Date.now() + 3 * 3600_000).toISOString();
    await account({ state: "suspended", detail: "Duplicate content (offense #1)", suspended_until: until });
    expect(await page()).toContain("Suspended. It ends in 3 h. Each attempt lengthens a suspension");
    expect(await page()).toContain("Moltbook says: Duplicate content (offense #1)");
    expect(await (await app.get("/account")).text()).toContain(`<time datetime="${until}"`);
    expect(await page("/")).toContain("Suspended.");
    await sql`update moltbook_accounts set suspended_until = now() - interval '2 minutes'`;
    expect(await page()).toContain("Its time was over 2 min ago; the next read tells whether it is lifted.");
  });

  test("shows the breaker: since when nothing is sent, and when the next try is", async () => {
    const at = (seconds: number) => new Date(Date.now() - seconds * 1000).toISOString();
    await account({ state: "ok", open_since: at(30), faults: sql.array([at(50), at(40), at(30)], 1184) });
    const { health } = await report();
    expect(health).toMatchObject({ recent_faults: 3, last_fault_at: expect.any(String) });
    expect(Date.parse(health.next_try_at ?? "") - Date.parse(health.open_since ?? "")).toBe(60_000);
    expect(await page()).toContain("Calls are held back");
    expect(await page("/")).toContain("Moltbook cannot be reached");
    expect(await page("/")).toContain("Cut off from Moltbook.");
  });

  test("lists what was written and is not settled, each once, with the way to its call", async () => {
    const run = await newRun("sandbox");
    const calls = Array.from({ length: 4 }, () => Bun.randomUUIDv7());
    const [pending = "", hidden = "", both = "", fine = ""] = calls;
    const writing = { agent_id: app.agent.id, run_id: run, mode: "sandbox", kind: "post", place: "general", sketch: [1] };
    for (const [call_id, state, title] of [
      [pending, "pending", "Waiting"],
      [hidden, "hidden", "Unseen"],
      [both, "unknown", "Lost"],
      [fine, "visible", "Seen"],
    ])
      await sql`insert into moltbook_writings ${sql({ ...writing, id: Bun.randomUUIDv7(), call_id, state, title, text_hash: Buffer.alloc(32) })}`;
    const intent = { agent_id: app.agent.id, run_id: run, mode: "sandbox", tool: "moltbook_vote", arguments: {}, state: "unknown" };
    for (const [n, call_id] of [both, Bun.randomUUIDv7()].entries())
      await sql`insert into moltbook_intents ${sql({ ...intent, intent: Buffer.alloc(32, n), call_id, arguments: sql.json({}) } as never)}`;
    const { unsettled, health } = await report();
    expect(unsettled.map(({ what, state, title }) => `${what} ${state} ${title}`).toSorted()).toEqual([
      "moltbook_vote unknown null",
      "post hidden Unseen",
      "post pending Waiting",
      "post unknown Lost",
    ]);
    expect(health.hidden_writings).toBe(1);
    expect(await (await app.get("/account")).text()).toContain(`href="/runs/${run}#call-${hidden}"`);
    expect(await page("/")).toContain("1 text of the agent cannot be seen by others");
  });

  test("names the functions of Moltbook that are away, and when that was looked at", async () => {
    for (const [feature, available] of [
      ["search", true],
      ["messages", false],
    ] as const)
      await sql`insert into moltbook_features ${sql({ agent_id: app.agent.id, mode: "sandbox", feature, available })}`;
    expect(await page()).toContain("1 function away, and its tools say so: messagesLooked at just now");
  });

  test("names accounts that the agent registered, and where their keys lie, but shows no key", async () => {
    expect(await page()).not.toContain("Further accounts");
    const folder = join(config.dataDir, "accounts");
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      join(folder, "second_self.json"),
      JSON.stringify({ api_key: "moltbook_sk_hidden", claim_url: "https://www.moltbook.com/claim/x" }),
    );
    writeFileSync(join(folder, "<b>.json"), "{}");
    const markup = await (await app.get("/account")).text();
    const answer = await report();
    rmSync(folder, { recursive: true });
    expect(answer.registered).toEqual(["second_self"]);
    expect(readable(markup)).toContain("Further accounts");
    expect(readable(markup)).toContain("accounts/second_self.json");
    expect(markup + JSON.stringify(answer)).not.toMatch(/moltbook_sk_|claim\/x|<b>/);
  });

  test("shows nothing of another mode", async () => {
    await account({ state: "key_refused" }, "real");
    await request("other", {}, "real");
    const { health, requests } = await report();
    expect([health.state, health.open_requests, requests]).toEqual(["unknown", 0, []]);
  });

  test("is its own fragment, and follows the server", async () => {
    const part = await (await app.get("/account", { headers: { "hx-request": "true", "hx-request-type": "partial" } })).text();
    expect(part).toStartWith('<div id="account"');
    expect(part).toContain('hx-get="/account"');
    expect(part).toContain('hx-sse:connect="/live"');
  });
});

describe("the budget", () => {
  const spend = (kind: string, seconds: number[], values: Record<string, unknown> = {}) =>
    sql`insert into moltbook_budgets (agent_id, mode, class, spent, remaining, resets_at, blocked_until)
      select ${app.agent.id}, 'sandbox', ${kind}, coalesce(array_agg(now() - s * interval '1 second' order by s desc), '{}'), ${(values.remaining as number) ?? null},
        now() + ${(values.resets as number) ?? null} * interval '1 second', now() + ${(values.blocked as number) ?? null} * interval '1 second'
      from unnest(${seconds}::int[]) s`;
  const budget = async (kind: Budget["class"]) =>
    (await report()).budgets.filter((one) => one.class === kind).map(({ most, used, left, next_in_s }) => [most, used, left, next_in_s]);

  test("of a new installation is whole", async () => {
    const { budgets } = await report();
    expect(budgets.map((one) => one.class)).toEqual(["read", "write", "post", "comment", "comment", "vote", "verify", "submolt"]);
    expect(budgets.every(({ used, left, most, next_in_s }) => used === 0 && left === most && next_in_s === 0)).toBe(true);
    expect(await page()).toContain("Comments50 a day050now");
  });

  test("counts what was used within each window, and says when one more is free", async () => {
    await spend("comment", [90_000, 3600, 120, 5]);
    await spend("post", [600]);
    await spend(
      "write",
      Array.from({ length: 30 }, (_, n) => n + 10),
    );
    expect(await budget("comment")).toEqual([
      [1, 1, 0, 15],
      [50, 3, 47, 0],
    ]);
    expect(await budget("post")).toEqual([[1, 1, 0, 1200]]);
    // The oldest of the thirty leaves the minute first.
    expect(await budget("write")).toEqual([[30, 30, 0, 21]]);
  });

  test("counts a write that is still under way", async () => {
    await spend("post", [-35]);
    expect(await budget("post")).toEqual([[1, 1, 0, 1835]]);
  });

  test("is tighter in an account's first day", async () => {
    await account({ state: "ok", registered_at: new Date(Date.now() - 3600_000).toISOString() });
    await spend("post", [3600]);
    expect(await budget("post")).toEqual([[1, 1, 0, 3600]]);
    expect((await budget("comment")).map(([most]) => most as number)).toEqual([1, 20]);
    expect(await page()).toContain("tighter in the first day");
  });

  test("believes Moltbook where it says that less is left, and for no longer than it says", async () => {
    await spend("read", [1], { remaining: 4, resets: 30 });
    await spend("write", [1], { remaining: 0, resets: 40 });
    await spend("verify", [1], { remaining: 0, resets: -1 });
    await spend("submolt", [], { blocked: 500 });
    expect(await budget("read")).toEqual([[60, 1, 4, 0]]);
    expect(await budget("write")).toEqual([[30, 1, 0, 40]]);
    expect(await budget("verify")).toEqual([[30, 1, 29, 0]]);
    expect(await budget("submolt")).toEqual([[1, 0, 0, 500]]);
  });
});

describe("a message request", () => {
  test.each([
    ["approve", "approved", "/agents/dm/requests/c-1/approve", null],
    ["reject", "rejected", "/agents/dm/requests/c-1/reject", null],
    ["block", "blocked", "/agents/dm/requests/c-1/reject", { block: true }],
  ])("waits for the operator: %s is told to Moltbook once, and is on record", async (decision, state, path, body) => {
    using double = answering(() => Response.json({ success: true }));
    await request("c-1");
    expect(await page("/")).toContain("1 request to talk in private");
    expect(await page()).toContain("curious-crab asks to talk, just now");
    const before = (await auditOf("message_request.decided")).length;
    const answer = await post("/account/message-requests/c-1", { decision, reason: " It asked nicely " });
    expect([answer.status, answer.headers.get("location")]).toEqual([303, "/account"]);
    expect(double.seen.map((one) => [one.method, one.path, one.body])).toEqual([["POST", path, body]]);
    expect({ ...(await stateOf("c-1")) }).toEqual({ state, decided_by: "operator:operator", decision_reason: "It asked nicely" } as never);
    const audit = await auditOf("message_request.decided");
    expect(audit).toHaveLength(before + 1);
    expect(JSON.parse(audit.at(-1) ?? "")).toEqual({
      actor: "operator:operator",
      conversation_id: "c-1",
      decision,
      mode: "sandbox",
      reason_sha256: digest("It asked nicely"),
    });
    expect(await page("/")).toContain("All is quiet.");
    expect(await page()).toContain("curious-crabIt asked nicely");
    const again = await post("/account/message-requests/c-1", { decision: "approve" });
    expect([again.status, readable(await again.text())]).toEqual([409, expect.stringContaining(`This request was ${state} already.`)]);
    expect(double.seen).toHaveLength(1);
    expect(await verifyChain()).toMatchObject({ fault: null });
  });

  test("that two people decide at the same moment is decided once", async () => {
    using double = answering(() => Response.json({ success: true }));
    await request("c-2");
    const statuses = await Promise.all(
      ["approve", "reject", "block", "approve"].map(async (decision) => (await send("/message-requests/c-2", { decision })).status),
    );
    expect(statuses.toSorted((one, other) => one - other)).toEqual([200, 409, 409, 409]);
    expect(double.seen).toHaveLength(1);
  });

  test("is open again when Moltbook refuses, and the page says why", async () => {
    using double = answering(() => Response.json({ success: false, error: "You may not do this" }, { status: 403 }));
    await request("c-3");
    const answer = await post("/account/message-requests/c-3", { decision: "approve" });
    const text = readable(await answer.text());
    expect(answer.status).toBe(401);
    expect(text).toContain("You may not do this");
    expect(text).toContain("curious-crab asks to talk");
    expect({ ...(await stateOf("c-3")) }).toEqual({ state: "open", decided_by: null, decision_reason: null } as never);
    expect(double.seen).toHaveLength(1);
    expect(JSON.parse((await auditOf("message_request.reopened")).at(-1) ?? "")).toEqual({
      conversation_id: "c-3",
      mode: "sandbox",
      state: "open",
    });
  });

  test("is not sent while the account is suspended, and stays open", async () => {
    using double = answering(() => Response.json({ success: true }));
    await account({ state: "suspended", suspended_until: new Date(Date.now() + 3600_000).toISOString() });
    await request("c-7");
    const answer = await post("/account/message-requests/c-7", { decision: "approve" });
    expect([answer.status, readable(await answer.text())]).toEqual([401, expect.stringContaining("suspended for another")]);
    expect(await stateOf("c-7")).toMatchObject({ state: "open" });
    expect(double.seen).toEqual([]);
  });

  test("that its sender took back is gone", async () => {
    using _double = answering(() => Response.json({ success: false, error: "Request not found" }, { status: 404 }));
    await request("c-4");
    const answer = await post("/account/message-requests/c-4", { decision: "reject" });
    expect([answer.status, readable(await answer.text())]).toEqual([404, expect.stringContaining("its sender took it back")]);
    expect(await stateOf("c-4")).toMatchObject({ state: "gone" });
  });

  test("stays open while Moltbook is without messages", async () => {
    using _double = answering(() => Response.json({ success: false, error: "Endpoint not found" }, { status: 404 }));
    await request("c-8");
    expect((await post("/account/message-requests/c-8", { decision: "reject" })).status).toBe(404);
    expect(await stateOf("c-8")).toMatchObject({ state: "open" });
  });

  test("whose decision nobody knows to have landed stays decided, and is not sent twice", async () => {
    using double = answering(() => new Response("<html>Bad gateway</html>", { status: 502, headers: { "content-type": "text/html" } }));
    await request("c-5");
    const answer = await post("/account/message-requests/c-5", { decision: "approve" });
    expect([answer.status, readable(await answer.text())]).toEqual([
      503,
      expect.stringContaining("did not say whether it took this decision"),
    ]);
    expect(await stateOf("c-5")).toMatchObject({ state: "approved" });
    expect(await page()).toContain("curious-crab not confirmed by Moltbook yet");
    expect((await post("/account/message-requests/c-5", { decision: "approve" })).status).toBe(409);
    expect(double.seen).toHaveLength(1);
  });

  test("whose decision never arrived is open again once Moltbook has listed it some minutes later", async () => {
    const who = { agent_id: app.agent.id, mode: "sandbox" as const };
    await followUp(who);
    const id = (await report()).requests[0]?.conversation_id ?? "";
    using _double = answering(() => new Response("", { status: 502 }));
    expect((await send(`/message-requests/${id}`, { decision: "approve" })).status).toBe(503);
    connectMoltbook({ baseUrl: app.sandbox.url, apiKey: app.sandbox.apiKey, screen: openScreen });
    await followUp(who);
    expect(await stateOf(id)).toMatchObject({ state: "approved" });
    await sql`update moltbook_message_requests set decided_at = decided_at - interval '6 minutes' where conversation_id = ${id}`;
    await followUp(who);
    expect(await stateOf(id)).toMatchObject({ state: "open", decided_by: null });
  });

  test("that the sandbox holds is found, shown, and decided on Moltbook itself", async () => {
    const who = { agent_id: app.agent.id, mode: "sandbox" as const };
    await followUp(who);
    const { requests } = await report();
    expect(requests).toHaveLength(2);
    expect(await page("/")).toContain("2 requests to talk in private");
    const [first, second] = requests.map(({ conversation_id }) => conversation_id);
    expect((await post(`/account/message-requests/${first}`, { decision: "approve" })).status).toBe(303);
    expect((await post(`/account/message-requests/${second}`, { decision: "block", reason: "It wants the key" })).status).toBe(303);
    await followUp(who);
    expect((await report()).health.open_requests).toBe(0);
    const { data } = await moltbook().dmConversations();
    expect(data.items.map((one) => one.id)).toContain(first ?? "");
    expect(data.items.map((one) => one.id)).not.toContain(second ?? "");
  });

  test("with an id that Moltbook's addresses cannot hold reaches no other address, ours or Moltbook's", async () => {
    using double = answering(() => Response.json({ success: true }));
    for (const id of ["../resume", "..", "a/b?c#d", '"><script>alert(1)</script>', "%2e%2e"]) {
      await request(id, { preview: null });
      const answer = await send(`/message-requests/${encodeURIComponent(id)}`, { decision: "approve" });
      expect([id, answer.status === 200]).toEqual([id, false]);
    }
    expect(double.seen).toEqual([]);
    const markup = await (await app.get("/account")).text();
    expect(markup).not.toContain("<script>");
    expect(markup).toContain('action="/account/message-requests/%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E"');
    expect(await sql`select from moltbook_message_requests where state <> 'open'`).toHaveLength(0);
  });

  test("that is none is not found, and a decision that is none is refused", async () => {
    await request("c-6");
    expect((await send("/message-requests/nothing", { decision: "approve" })).status).toBe(404);
    for (const body of [{}, { decision: "open" }, { decision: "approve", extra: 1 }, { decision: "approve", reason: "x".repeat(501) }])
      expect((await send("/message-requests/c-6", body)).status).toBe(422);
    expect(await stateOf("c-6")).toMatchObject({ state: "open" });
  });

  test("is listed newest first, page by page, ties included", async () => {
    const at = new Date().toISOString();
    for (let n = 0; n < 7; n++) await request(`c-${n}`, { first_seen_at: n < 5 ? at : new Date(Date.now() - n * 60_000).toISOString() });
    await request("done", { state: "gone" });
    const ids: string[] = [];
    let next: string | null = "";
    while (next !== null) {
      const answer = await app.get(`/api/account/message-requests?state=open&limit=2${next ? `&cursor=${next}` : ""}`);
      const list = (await answer.json()) as { items: MessageRequest[]; next: string | null };
      ids.push(...list.items.map(({ conversation_id }) => conversation_id));
      next = list.next;
    }
    expect(ids).toEqual(["c-4", "c-3", "c-2", "c-1", "c-0", "c-5", "c-6"]);
    expect((await app.get("/api/account/message-requests?status=open")).status).toBe(422);
  });

  test("beyond the first twenty waits its turn", async () => {
    for (let n = 0; n < 23; n++) await request(`flood-${n}`);
    const { requests, health } = await report();
    expect([requests.length, health.open_requests]).toEqual([20, 23]);
    expect(await page()).toContain("3 older requests follow");
  });
});

describe("frozen writing", () => {
  const frozen = () => account({ state: "ok", failures_in_row: 5, frozen_at: new Date(Date.now() - 60_000).toISOString() });

  test("is the overview's first word, and is resumed with a reason, once", async () => {
    await frozen();
    expect(await page("/")).toContain("Not writing.");
    expect(await page("/")).toContain("Writing is frozen: 5 verification challenges failed in a row");
    expect(await page()).toContain("5 of 10 failed or expired in a row. Writing is frozen since 1 min ago");
    expect((await post("/account/resume", { reason: "   " })).status).toBe(422);
    expect((await post("/account/resume", {})).status).toBe(422);
    expect((await report()).health.frozen_at).not.toBeNull();
    const answer = await post("/account/resume", { reason: "The model was changed" });
    expect([answer.status, answer.headers.get("location")]).toEqual([303, "/account"]);
    expect((await report()).health).toMatchObject({ frozen_at: null, failures_in_row: 5, resume_reason: "The model was changed" });
    const audit = await auditOf("account.resumed");
    expect(JSON.parse(audit.at(-1) ?? "")).toEqual({
      actor: "operator:operator",
      mode: "sandbox",
      reason_sha256: digest("The model was changed"),
    });
    expect(await page()).toContain("You resumed writing just now: The model was changed");
    const again = await post("/account/resume", { reason: "Once more" });
    expect([again.status, readable(await again.text())]).toEqual([409, expect.stringContaining("was not frozen")]);
    expect(await auditOf("account.resumed")).toHaveLength(audit.length);
  });

  test("is announced before it comes", async () => {
    await account({ state: "ok", failures_in_row: 3 });
    expect(await page("/")).toContain("3 verification challenges failed in a row; 10 suspend the account");
  });

  test("is resumed by a program with a key that may write, and by nobody else", async () => {
    await frozen();
    const reason = { reason: "Looked into it" };
    expect((await send("/resume", reason, app.apiKey)).status).toBe(403);
    expect((await send("/resume", reason, "")).status).toBe(401);
    for (const headers of [{ "sec-fetch-site": "cross-site" }, { origin: "https://evil.example" }])
      for (const path of ["/account/resume", "/api/account/resume", "/account/message-requests/c-1"])
        expect((await post(path, { ...reason, decision: "approve" }, headers as never)).status).toBe(403);
    expect((await report()).health.frozen_at).not.toBeNull();
    const answer = await send("/resume", reason);
    expect([answer.status, ((await answer.json()) as { frozen_at: unknown }).frozen_at]).toEqual([200, null]);
    expect((await send("/resume", reason)).status).toBe(409);
  });
});

/** A run of the app's agent, closed at once so that others can follow. */
async function newRun(mode: "sandbox" | "dry_run"): Promise<string> {
  const id = await claimedRun(app.agent.id, { mode });
  await owner`update runs set status = 'succeeded', outcome = 'acted', finished_at = now() where id = ${id}`;
  return id;
}
