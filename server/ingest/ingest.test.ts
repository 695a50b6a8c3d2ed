import { afterAll, beforeAll, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { appendFileSync, copyFileSync, mkdtempSync, renameSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import postgres from "postgres";

import { ownerUrl } from "../../db/testing.ts";
import { until } from "../../test/app.ts";
import type { Agent } from "../agents/queries.ts";
import { ensureAgent } from "../agents/queries.ts";
import { verifyChain } from "../audit/verify.ts";
import { listCallsOfRun } from "../calls/queries.ts";
import { collectFile, collectStream } from "./collect.ts";
import { recordBatch } from "./queries.ts";
import type { Tally } from "./schema.ts";

const ROOT = join(import.meta.dir, "..", "..");
const folder = mkdtempSync(join(tmpdir(), "moltbot-ingest-"));
/** As the owner, who may empty what the app may only add to. */
const sql = postgres(ownerUrl(), { max: 2, onnotice: () => {} });
let agent: Agent;
let file = "";
let files = 0;

setDefaultTimeout(60_000);
beforeAll(async () => {
  agent = await ensureAgent("collector");
});
beforeEach(async () => {
  await sql`truncate events, tool_calls, log_positions, log_lines_unknown`;
  file = join(folder, `audit-${(files += 1)}.jsonl`);
});
afterAll(async () => {
  await sql.end();
  rmSync(folder, { recursive: true, force: true });
});

type Fields = Record<string, unknown>;
const START = Date.UTC(2026, 1, 9, 18);
const at = (n: number) => new Date(START + n * 1000).toISOString().replace("Z", "123+00:00");
/** The n-th line of an audit log. */
const line = (n: number, fields: Fields = {}) =>
  JSON.stringify({
    timestamp: at(n),
    event: "content_flagged",
    post_id: `post-${n}`,
    author: "mallory",
    submolt: "general",
    risk_score: 0,
    flags: [],
    fields_affected: ["title"],
    ...fields,
  });
const lines = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => `${line(from + n)}\n`).join("");
const collect = (path = file) => collectFile(path, { agentId: agent.id, source: "audit" });
const posts = async () => (await sql<{ post_id: string }[]>`select post_id from events order by id`).map(({ post_id }) => post_id);
const expected = (to: number) => Array.from({ length: to }, (_, n) => `post-${n}`);
const numbers = ({ lines: all, added_events, unknown, too_long, restarted }: Tally) => ({
  all,
  added_events,
  unknown,
  too_long,
  restarted,
});
const found = (all: number, more: Partial<Tally> = {}) => ({ all, added_events: all, unknown: 0, too_long: 0, restarted: 0, ...more });

/** The job, in a process of its own. */
function job(argv: string[], stdin = "", env: Record<string, string> = {}) {
  return Bun.spawn([process.execPath, "jobs/cli.ts", "collect-logs", ...argv], {
    cwd: ROOT,
    env: { PATH: process.env.PATH ?? "", HOME: folder, DATA_DIR: join(folder, "data"), DATABASE_URL: ownerUrl(), ...env },
    stdin: new Blob([stdin]),
    stdout: "pipe",
    stderr: "pipe",
  });
}
async function ended(child: Bun.Subprocess<Blob | "ignore", "pipe", "pipe">) {
  const [stdout, stderr] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
  return { code: await child.exited, stdout, stderr };
}

describe("a log that is followed", () => {
  test("is read once, however often it is collected, and on from where it was left", async () => {
    writeFileSync(file, lines(0, 3));
    expect(numbers(await collect())).toEqual(found(3));
    expect(numbers(await collect())).toEqual(found(0));
    appendFileSync(file, lines(3, 5));
    expect(numbers(await collect())).toEqual(found(2));
    expect(await posts()).toEqual(expected(5));
    expect(await verifyChain()).toMatchObject({ fault: null });
  });

  test("keeps a half-written line for the next time", async () => {
    const whole = `${line(1)}\n`;
    writeFileSync(file, `${line(0)}\n${whole.slice(0, 40)}`);
    expect(numbers(await collect())).toEqual(found(1));
    appendFileSync(file, whole.slice(40, -1));
    expect(numbers(await collect())).toEqual(found(0));
    appendFileSync(file, "\n");
    expect(numbers(await collect())).toEqual(found(1));
    expect(await posts()).toEqual(expected(2));
  });

  test("of which not even the first line is complete is left alone", async () => {
    writeFileSync(file, line(0).slice(0, 50));
    expect(numbers(await collect())).toEqual(found(0));
    writeFileSync(file, `${line(0)}\n`);
    expect(numbers(await collect())).toEqual(found(1));
  });

  test("is finished under its new name when it was rotated, even twice, and what was rotated unseen is read too", async () => {
    writeFileSync(file, lines(0, 2));
    await collect();
    appendFileSync(file, lines(2, 4));
    renameSync(file, `${file}.2`);
    writeFileSync(`${file}.1`, lines(4, 6));
    writeFileSync(file, lines(6, 8));
    expect(numbers(await collect())).toEqual(found(6));
    // One that still had the old file open.
    appendFileSync(`${file}.1`, `${line(8)}\n`);
    expect(numbers(await collect())).toEqual(found(1));
    expect(await posts()).toEqual(expected(9));
  });

  test("is begun anew when it was emptied, also when it has grown past the old place since", async () => {
    writeFileSync(file, lines(0, 3));
    await collect();
    truncateSync(file);
    appendFileSync(file, lines(3, 4));
    expect(numbers(await collect())).toEqual(found(1, { restarted: 1 }));
    truncateSync(file);
    appendFileSync(file, lines(4, 9));
    expect(numbers(await collect())).toEqual(found(5, { restarted: 1 }));
    expect(await posts()).toEqual(expected(9));
  });

  test("is read on in its copy when it was copied and emptied", async () => {
    writeFileSync(file, lines(0, 3));
    await collect();
    appendFileSync(file, lines(3, 5));
    copyFileSync(file, `${file}.1`);
    truncateSync(file);
    appendFileSync(file, lines(5, 6));
    const tally = await collect();
    expect(numbers(tally)).toEqual(found(3, { restarted: 1 }));
    expect(tally.bytes).toBe(lines(3, 6).length);
    expect(await posts()).toEqual(expected(6));
  });

  test("is recorded once by two collectors at the same moment", async () => {
    writeFileSync(file, lines(0, 20_000));
    const both = await Promise.all([ended(job(["--audit-log", file, "--json"])), ended(job(["--audit-log", file, "--json"]))]);
    const tallies = both.map(({ stdout }) => JSON.parse(stdout) as Tally);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    expect((tallies[0]?.added_events ?? 0) + (tallies[1]?.added_events ?? 0) + (await collect()).added_events).toBe(20_000);
    expect((await posts()).length).toBe(20_000);
  });

  test("is recorded once when somebody else is just recording some of it", async () => {
    await collectStream(new Blob([lines(5, 6)]).stream(), { agentId: agent.id, source: "audit" });
    const [first] = await sql<Fields[]>`select id, agent_id, mode, type, severity, title, fingerprint, post_id from events`;
    await sql`truncate events`;
    let collected: Promise<Tally> | undefined;
    await sql.begin(async (other) => {
      await other`insert into events ${other(first ?? {})}`;
      collected = collectStream(new Blob([lines(0, 10)]).stream(), { agentId: agent.id, source: "audit" });
      await until(async () => (await sql`select from pg_locks where not granted and locktype = 'transactionid'`).count > 0);
    });
    expect(await collected).toMatchObject({ lines: 10, added_events: 9 });
    expect(await posts()).toEqual(expected(10));
  });

  test("is recorded once where it repeats itself, near or far, and the tallies agree with the rows", async () => {
    await sql`truncate issue_tallies, day_tallies`;
    const backwards = lines(0, 6_000).trimEnd().split("\n").toReversed().join("\n");
    writeFileSync(file, `${lines(0, 12_000)}${backwards}\n${lines(6_000, 12_000)}${backwards}\n`);
    expect(await collect()).toMatchObject({ lines: 30_000, events: 30_000, added_events: 12_000 });
    const [sum] = await sql<
      Fields[]
    >`select (select count(*)::int from events) as rows, (select sum(count)::int from day_tallies) as of_days,
      (select sum(count)::int from issue_tallies) as of_issues, (select max(last_id::text) from issue_tallies) = (select max(id::text) from events) as to_last`;
    expect(sum).toEqual({ rows: 12_000, of_days: 12_000, of_issues: 12_000, to_last: true });
  });

  test("is recorded exactly once though the collector is killed in the middle, again and again", async () => {
    writeFileSync(file, lines(0, 60_000));
    const [head] = await sql<{ seq: string }[]>`select max(seq) as seq from audit_log`;
    const stages: number[] = [];
    for (let kill = 0; kill < 3; kill += 1) {
      const before = (await posts()).length;
      const child = job(["--audit-log", file]);
      await until(async () => child.exitCode !== null || Number((await sql`select count(*) as n from events`)[0]?.n) > before);
      child.kill("SIGKILL");
      await child.exited;
      stages.push((await posts()).length);
    }
    expect(stages[0]).toBeWithin(1, 60_000);
    expect(await ended(job(["--audit-log", file]))).toMatchObject({ code: 0, stderr: "" });
    const [sum] = await sql<{ all: string; different: string }[]>`select count(*) as all, count(distinct post_id) as different from events`;
    expect(sum).toEqual({ all: "60000", different: "60000" });
    const [chain] = await sql<{ added: number }[]>`
      select sum((body::json ->> 'added_events')::int)::int as added from audit_log where kind = 'log.collected' and seq > ${head?.seq ?? 0}`;
    expect(chain?.added).toBe(60_000);
  });

  test("may name months that have no partition yet, but no year that cannot be", async () => {
    const months = ["2025-03-04T05:06:07Z", "2025-11-30T23:59:59.999999+00:00", "2026-02-09 18:00:00,123"];
    const impossible = [
      "0001-01-01T00:00:00Z",
      "1970-01-01T00:00:00Z",
      "2024-12-31T23:59:59Z",
      "9999-12-31T23:59:59Z",
      "yesterday",
      "",
      12,
    ];
    writeFileSync(file, [...months, ...impossible].map((timestamp) => `${line(0, { timestamp })}\n`).join(""));
    expect(numbers(await collect())).toEqual({ ...found(10), added_events: 3, unknown: 7 });
    const [old] = await sql<{ n: number }[]>`select count(*)::int as n from pg_class where relname ~ '^events_(1|2024|20[3-9])'`;
    expect(old?.n).toBe(0);
  });
});

describe("hostile lines", () => {
  test("are counted as unknown, kept short and redacted, and stop nothing", async () => {
    const deep = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;
    const secret = ["moltbook", "sk", "abcdefghijklmnop1234"].join("_");
    const hostile = [
      "",
      "   ",
      "null",
      "[]",
      "42",
      '"text"',
      "{",
      '{"event":"toString"}',
      deep,
      `Bearer ${secret}`,
      '{"event":"content_flagged"}',
      line(1, { event: "__proto__" }),
    ];
    writeFileSync(
      file,
      Buffer.concat([
        Buffer.from(`${line(0)}\n${hostile.join("\n")}\n`),
        Buffer.from([0xff, 0xfe, 0x00, 0x0a, 0x00, 0x0a]),
        Buffer.from(lines(1, 2)),
      ]),
    );
    expect(numbers(await collect())).toEqual({ ...found(14), added_events: 2, unknown: 12 });
    expect(await posts()).toEqual(expected(2));
    const kept = await sql<{ line: string; count: string }[]>`select line, count from log_lines_unknown`;
    expect(kept.reduce((sum, { count }) => sum + Number(count), 0)).toBe(12);
    for (const each of kept) expect(each.line.length).toBeLessThanOrEqual(2000);
    expect(JSON.stringify(kept)).not.toContain(secret);
  });

  test("of any length are cut and counted, and what follows is read", async () => {
    const long = "x".repeat(3_000_000);
    writeFileSync(file, `${line(0)}\n${long}\n${line(1)}\n${"y".repeat(1_200_000)}\n${line(2)}\n${long}`);
    expect(numbers(await collect())).toEqual({ ...found(5), added_events: 3, unknown: 2, too_long: 2 });
    appendFileSync(file, `\n${line(3)}\n`);
    expect(numbers(await collect())).toEqual({ ...found(2), added_events: 1, unknown: 1, too_long: 1 });
    expect(await posts()).toEqual(expected(4));
  });

  test("cannot break out of what they are stored as", async () => {
    const nasty = [
      '"},{"',
      String.raw`\\","`,
      "{null}",
      "a\tb\nc\rd",
      "\u0000\ud800",
      "'; drop table events; --",
      "\u2028",
      "NULL",
      "\\",
      '"',
    ];
    writeFileSync(
      file,
      nasty.map((author, n) => `${line(n, { author, post_id: author, submolt: author, flags: [author], [author]: author })}\n`).join(""),
    );
    expect(numbers(await collect())).toEqual(found(nasty.length));
    const rows = await sql<
      { author: string; post_id: string; detail: { flags: string[]; submolt: string } }[]
    >`select author, post_id, detail from events order by id`;
    const stored = nasty.map((each) => each.replaceAll("\u0000", "\ufffd").toWellFormed());
    expect(rows.map(({ author }) => author)).toEqual(stored);
    expect(rows.map(({ post_id }) => post_id)).toEqual(stored);
    expect(rows.map(({ detail }) => detail.flags[0])).toEqual(stored);
  });

  test("leave no secret and nothing endless in an event", async () => {
    const secret = ["moltbook", "sk", "abcdefghijklmnop1234"].join("_");
    const huge = Array.from({ length: 1000 }, () => "flag ".repeat(50));
    writeFileSync(
      file,
      `${line(0, { event: "api_error", path: `/posts?key=${secret}`, body_preview: `key ${secret}`, flags: huge, status_code: 502, method: "GET", author: secret, risk_score: 7 })}\n`,
    );
    await collect();
    const [row] = await sql<
      { type: string; author: string; risk_score: number | null; detail: Fields }[]
    >`select type, author, risk_score, detail from events`;
    expect(row).toMatchObject({
      type: "api_error",
      author: "[secret]",
      risk_score: null,
      detail: { target_path: "/posts?key=[secret]", status_code: 502, method: "GET" },
    });
    expect(JSON.stringify(row)).not.toContain(secret);
    expect(JSON.stringify(row).length).toBeLessThan(10_000);
  });
});

describe("events of an audit log", () => {
  const typesOf = async (...all: Fields[]) => {
    writeFileSync(file, all.map((fields, n) => `${line(n, fields)}\n`).join(""));
    await collect();
    return (await sql<{ type: string }[]>`select type from events order by id`).map(({ type }) => type);
  };

  test("say by their flags whether an injection was tried: a rule that blocked is an attempt, a model that failed is none", async () => {
    const types = await typesOf(
      { flags: ["LLM Guard: injection detected (score=0.991)"], risk_score: 0.991 },
      { flags: ["Regex hard-block: /curl/"], risk_score: 0 },
      { flags: ["Regex suspicious: /moltbook_/"] },
      { flags: ["LLM Guard scan failed: PromptInjection is out of memory"] },
      { flags: ["LLM Guard scan failed: x", "Regex suspicious: /key/"] },
      { flags: [] },
      { flags: "injection" },
    );
    expect(types).toEqual([
      "injection_attempt",
      "injection_attempt",
      "suspicious_pattern",
      "filter_model_degraded",
      "suspicious_pattern",
      "suspicious_pattern",
      "suspicious_pattern",
    ]);
  });

  test("of every kind become rows, with what lists filter by in columns", async () => {
    const types = await typesOf(
      { event: "blocked_author_content" },
      { event: "author_blocked", flag_count: 3, threshold: 3, duration: "permanent" },
      { event: "author_unblocked", method: "manual" },
      { event: "api_error", status_code: 500, path: "/posts", method: "GET", flagged: false },
      { event: "api_error", status_code: 403, path: "/posts", method: "POST", flagged: true, risk_score: 0.8 },
      { event: "write_response_raw", response: "x" },
      { event: "verification_challenge_received" },
      { event: "challenge_solved_by_llm" },
      { event: "challenge_solved_by_regex" },
      { event: "verification_challenge_unsolved" },
      { event: "verification_challenge_answered" },
      { event: "verification_challenge_error" },
    );
    expect(types).toEqual([
      "blocked_author_content",
      "author_blocked",
      "author_unblocked",
      "api_error",
      "api_error_flagged",
      "write_response_raw",
      "verification_challenge_received",
      "challenge_solved_by_llm",
      "challenge_solved_by_regex",
      "verification_challenge_unsolved",
      "verification_challenge_answered",
      "verification_challenge_error",
    ]);
    const rows = await sql<
      Fields[]
    >`select mode, author, post_id, risk_score, uuid_time(id) as at from events where type = 'api_error_flagged'`;
    expect([...rows]).toEqual([{ mode: "real", author: "mallory", post_id: "post-4", risk_score: 0.8, at: new Date(START + 4000) }]);
  });

  test("name no author whom the filter had put out of sight", async () => {
    await typesOf({ author: "[REDACTED — blocked by filter]" }, { author: "unknown" }, { author: "ruth" });
    expect((await sql<{ author: string | null }[]>`select author from events order by id`).map(({ author }) => author)).toEqual([
      null,
      null,
      "ruth",
    ]);
  });

  test("of our own are on record already, and are only counted", async () => {
    writeFileSync(file, `${JSON.stringify({ timestamp: at(0), event: "author_blocked", id: crypto.randomUUID(), agent_id: agent.id })}\n`);
    expect(await collect()).toMatchObject({ lines: 1, own: 1, events: 0, unknown: 0 });
  });
});

describe("a container's log", () => {
  const time = (n: number) => new Date(START + n * 1000).toISOString().replace("Z", "456789Z");
  const request = (n: number, what: string, status = "200 OK") => `${time(n)} INFO:httpx:HTTP Request: ${what} "HTTP/1.1 ${status}"\n`;
  const api = "https://www.moltbook.com/api/v1";
  const stream = (text: string, since = 0) => collectStream(new Blob([text]).stream(), { agentId: agent.id, source: "container", since });
  const calls = () => sql<Fields[]>`
    select tool, is_write, arguments, outcome, upstream_method as method, upstream_path as path, upstream_status as status from tool_calls order by id`;

  test("tells the tool by method and path, whatever the names in it", async () => {
    const requests = [
      ["GET", "/agents/status", "moltbook_agent_status", {}],
      ["GET", "/posts?sort=hot&limit=25", "moltbook_browse_feed", {}],
      ["POST", "/posts", "moltbook_create_post", {}],
      ["GET", "/posts/Some-Post_9", "moltbook_get_post", { post_id: "Some-Post_9" }],
      ["GET", "/posts/ab12/comments?sort=top", "moltbook_get_post", { post_id: "ab12" }],
      ["POST", "/posts/ab12/comments", "moltbook_comment", { post_id: "ab12" }],
      ["POST", "/posts/ab12/upvote", "moltbook_vote", { post_id: "ab12", direction: "up" }],
      ["POST", "/comments/c-1/downvote", "moltbook_vote", { comment_id: "c-1", direction: "down" }],
      ["DELETE", "/submolts/Zebra_World/subscribe", "moltbook_subscribe", { submolt: "Zebra_World" }],
      ["GET", "/submolts/Zebra_World", "moltbook_get_submolt", { submolt: "Zebra_World" }],
      ["GET", "/submolts", "moltbook_list_submolts", {}],
      ["POST", "/agents/register", "moltbook_register", {}],
    ] as const;
    const tally = await stream(requests.map(([method, path], n) => request(n, `${method} ${api}${path}`)).join(""));
    expect(tally).toMatchObject({ lines: 12, added_calls: 12, unknown: 0 });
    const rows = await calls();
    expect(rows.map(({ method, tool, arguments: args }) => [method, tool, args])).toEqual(
      requests.map(([method, , tool, args]) => [method, tool, args]),
    );
    expect(rows.map(({ is_write }) => is_write)).toEqual(requests.map(([method]) => method !== "GET"));
    const runs = await sql<Fields[]>`select kind, trigger, mode, status from runs where slot = 'collected:real:2026-02-09'`;
    expect([...runs]).toEqual([{ kind: "ad_hoc", trigger: "import", mode: "real", status: "succeeded" }]);
  });

  test("is recorded once, however much of it is told again", async () => {
    const told =
      request(0, `GET ${api}/posts`) + request(1, `POST ${api}/posts`, "429 Too Many Requests") + `${time(2)} Started server process\n`;
    expect(await stream(told)).toMatchObject({ added_calls: 2, unknown: 1 });
    expect(await stream(told + request(86_400, `GET ${api}/posts/x`, "404 Not Found"))).toMatchObject({ calls: 3, added_calls: 1 });
    expect((await calls()).map(({ outcome }) => outcome)).toEqual(["ok", "rate_limited", "tool_error"]);
    expect([...(await sql`select count, line from log_lines_unknown`)]).toEqual([
      { count: "1", line: `${time(2)} Started server process` },
    ]);
    expect(await stream(`${time(3)} Started server process\n`)).toMatchObject({ unknown: 1 });
    expect([...(await sql`select count from log_lines_unknown`)]).toEqual([{ count: "2" }]);
  });

  test("has its calls in one run a day, whatever part of the day is told first", async () => {
    await stream(request(18_000, `GET ${api}/posts`));
    await stream(request(-60_000, `GET ${api}/posts`));
    const [run] = await sql<{ id: string; started_at: Date; finished_at: Date }[]>`
      select id, started_at, finished_at from runs where slot = 'collected:real:2026-02-09'`;
    expect((await listCallsOfRun(run?.id ?? "")).length).toBe(2);
    expect(run?.started_at.getTime()).toBeLessThan(run?.finished_at.getTime() ?? 0);
  });

  test("tells of refused callers with source and path, without its colours", async () => {
    expect(await stream(`${time(0)} \u001b[33mWARNING\u001b[0m: Unauthorized request to /mcp from 172.18.0.9\n`)).toMatchObject({
      added_events: 1,
    });
    const [event] = await sql<Fields[]>`select type, source_ip, detail, severity from events`;
    expect(event).toEqual({ type: "unauthorized_access", source_ip: "172.18.0.9", detail: { target_path: "/mcp" }, severity: "medium" });
  });

  test("cannot be made to tell of calls, or of another source, by the path that a stranger asks for", async () => {
    const forged = `HTTP Request: POST ${api}/posts "HTTP/1.1 200 OK"`;
    await stream(
      `${time(0)} WARNING: Unauthorized request to /${forged} from 10.0.0.1 from 203.0.113.7\n${time(1)} INFO: 203.0.113.7:5 - "GET /${forged} HTTP/1.1" 404\n`,
    );
    expect((await calls()).length).toBe(0);
    expect((await sql<Fields[]>`select source_ip from events`)[0]).toEqual({ source_ip: "203.0.113.7" });
    expect(await stream(request(0, `POST https://evil.example/api/v1/posts`))).toMatchObject({ calls: 0, unknown: 1 });
  });

  test("leaves out what is older than it was asked for", async () => {
    expect(await stream(request(0, `GET ${api}/posts`) + request(60, `GET ${api}/posts`), START + 30_000)).toMatchObject({
      calls: 1,
      too_old: 1,
    });
  });
});

describe("the job", () => {
  test("reads files and stdin, and tells what it found", async () => {
    writeFileSync(file, lines(0, 2));
    const container = `${new Date(START).toISOString()} INFO:httpx:HTTP Request: GET https://www.moltbook.com/api/v1/posts "HTTP/1.1 200 OK"`;
    const { code, stdout } = await ended(job(["--audit-log", file, "--container-log", "-"], container));
    expect([code, stdout]).toEqual([0, "3 lines: 2 of 2 events and 1 of 1 calls were new, 0 events were ours.\n"]);
  });

  test("records nothing of a batch whose predecessor was not recorded, whatever that failed of", async () => {
    const batch = { agentId: agent.id, source: "audit" as const, events: [], calls: [], unknown: new Map() };
    const broken = Promise.reject(new Error("the disk is full"));
    broken.catch(() => {});
    for (const before of [Promise.resolve(null), broken]) expect(await recordBatch(batch, null, before)).toBeNull();
    expect(await recordBatch(batch, null, Promise.resolve())).toEqual({ events: 0, calls: 0 });
  });

  test("says what is wrong with what it was asked for", async () => {
    const [missing, folderLog, minutes] = await Promise.all([
      ended(job(["--audit-log", join(folder, "none.jsonl")])),
      ended(job(["--container-log", folder])),
      ended(job(["--since-minutes", "soon"])),
    ]);
    expect([missing.code, missing.stderr]).toEqual([1, expect.stringContaining("There is no log")]);
    expect([folderLog.code, folderLog.stderr]).toEqual([1, expect.stringContaining("is no file")]);
    expect([minutes.code, minutes.stderr]).toEqual([1, expect.stringContaining("--since-minutes 60")]);
  });

  test("has nothing to do without a security log, or before there is one", async () => {
    const [without, before] = await Promise.all([ended(job(["--json"])), ended(job(["--json"], "", { SECURITY_LOG_PATH: file }))]);
    for (const { code, stdout } of [without, before]) expect([code, (JSON.parse(stdout) as Tally).lines]).toEqual([0, 0]);
  });
});

describe("our own security log", () => {
  /** Processes that each record so many events, which are large enough to fill files. */
  const writers = (count: number, events: number, path: string) =>
    Array.from({ length: count }, (_, writer) => {
      const script = `
        const { connect, disconnect } = await import("./db/client.ts");
        connect(process.env.DATABASE_URL);
        const { insertEvent } = await import("./server/security/queries.ts");
        for (let n = 0; n < ${events}; n += 1)
          await insertEvent({ agentId: "${agent.id}", type: "content_withheld", severity: "low", title: "t", detail: { n, pad: "p".repeat(90_000), event: "author_blocked", id: null },
            author: "mallory", riskScore: 0.5, postId: "post-${writer}-" + n, fingerprint: { writer: ${writer}, n } });
        await disconnect();`;
      return Bun.spawn([process.execPath, "--eval", script], {
        cwd: ROOT,
        env: { PATH: process.env.PATH ?? "", HOME: folder, DATABASE_URL: ownerUrl(), SECURITY_LOG_PATH: path },
        stdout: "pipe",
        stderr: "pipe",
      });
    });

  test("is rotated by size while many write, loses no line, and is readable by its owner only", async () => {
    const children = writers(3, 50, file);
    const endings = await Promise.all(children.map(async (child) => [await child.exited, await new Response(child.stderr).text()]));
    expect(endings).toEqual([
      [0, ""],
      [0, ""],
      [0, ""],
    ]);
    const names = [file, `${file}.1`, `${file}.2`];
    for (const name of names) expect(statSync(name).mode & 0o777).toBe(0o600);
    for (const name of names.slice(1)) expect(statSync(name).size).toBeGreaterThanOrEqual(5 * 1024 * 1024);
    const tally = await collect();
    expect(tally).toMatchObject({ lines: 150, own: 150, events: 0, unknown: 0 });
    const [event] = await sql<Fields[]>`select author, risk_score, post_id from events order by post_id limit 1`;
    expect(event).toEqual({ author: "mallory", risk_score: 0.5, post_id: "post-0-0" });
  });
});

test("after a heartbeat the security log is collected without being asked for", async () => {
  writeFileSync(file, lines(0, 3));
  const child = Bun.spawn([process.execPath, "jobs/cli.ts", "heartbeat"], {
    cwd: ROOT,
    env: {
      PATH: process.env.PATH ?? "",
      HOME: folder,
      DATA_DIR: join(folder, "data"),
      DATABASE_URL: ownerUrl(),
      SECURITY_LOG_PATH: file,
      PORT: "0",
    },
    stdout: "pipe",
    stderr: "pipe",
  });
  expect(await ended(child)).toMatchObject({ code: 0, stderr: "" });
  expect(
    (await sql<{ post_id: string }[]>`select post_id from events where post_id like 'post-%' order by id`).map(({ post_id }) => post_id),
  ).toEqual(expected(3));
});
