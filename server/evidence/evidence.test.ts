import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import postgres from "postgres";

import { sql } from "../../db/client.ts";
import { ownerUrl } from "../../db/testing.ts";
import { verifyAuditJob } from "../../jobs/verify-audit.ts";
import type { TestApp } from "../../test/app.ts";
import { startTestApp } from "../../test/app.ts";
import { insertApiKey, insertSession } from "../auth/queries.ts";
import { ensureUser } from "../auth/users/queries.ts";
import type { TestRun } from "../calls/testing.ts";
import { connectAgent, list, openRun } from "../calls/testing.ts";
import { insertClaims } from "../claims/queries.ts";
import { config } from "../config.ts";
import { closeRun } from "../runs/queries.ts";
import { claimedRun } from "../runs/testing.ts";
import { insertEvent } from "../security/queries.ts";

type Content = Record<string, unknown> & {
  body: Record<string, unknown>;
  counts: Record<string, number>;
};
type Line = Record<string, Content>;

let app: TestApp;
let owner: postgres.Sql;
let folder: string;
let run: string;
let other: string;
/** The file of `run`, as an operator gets it. */
let text: string;

beforeAll(async () => {
  app = await startTestApp();
  owner = postgres(ownerUrl(), { max: 1, onnotice: () => {} });
  folder = mkdtempSync(join(tmpdir(), "moltbot-evidence-"));
  run = await lived(await openRun(config.agentName));
  other = await lived(await openRun(config.agentName));
  text = await (await evidence()).text();
});
afterAll(async () => {
  await app.stop();
  await owner.end();
  rmSync(folder, { recursive: true });
});

/** A run that read a feed, wrote a comment, let out what looks like a secret, and has ended, with a claim and an event. */
async function lived({ id, agent, token }: TestRun): Promise<string> {
  const client = await connectAgent(app.mcpUrl, token);
  const feed = await client.call("moltbook_browse_feed", { sort: "hot", limit: 10 });
  await client.call("moltbook_comment", { post_id: list(feed.data.posts)[0]?.id, content: `A remark from ${id}` });
  await client.call("moltbook_search", { query: "moltbook_sk_0123456789abcdefghij" });
  await client.close();
  const event = { type: "external_tool", severity: "low", title: "Bash", fingerprint: id } as const;
  await insertEvent({ agentId: agent.id, runId: id, mode: config.mode, ...event });
  await closeRun(id, { status: "succeeded", outcome: null, detail: null, exitCode: 0, report: null });
  const claim = { type: "commented", status: "confirmed", text: "I left a remark.", action_ids: [] } as const;
  const evidence = { reason: "matches", said: 1, found: 1, refused: [] } as const;
  const told = { id, agent_id: agent.id, mode: config.mode, summary: null, finished_at: new Date().toISOString() };
  await insertClaims(told, [{ ...claim, action_ids: [], evidence: { ...evidence, refused: [] } }]);
  return id;
}

const evidence = (id = run, headers = {}) => app.get(`/api/runs/${id}/evidence`, { headers });
const linesIn = (file: string) =>
  file
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Line);
const kindsOf = (lines: Line[]) => lines.flatMap((line) => Object.keys(line));
const of = (kind: string, lines = linesIn(text)) => lines.flatMap((line) => line[kind] ?? []);

async function verdictOn(file: string): Promise<{ ok: boolean; text: string }> {
  const path = join(folder, `${crypto.randomUUID()}.ndjson`);
  await Bun.write(path, file);
  return verifyAuditJob.run({ agent: app.agent, mcpUrl: "", slot: null }, { bundle: path });
}

/** Of a value that is canonical as it stands. */
const digest = (value: unknown) => new Bun.CryptoHasher("sha256").update(JSON.stringify(value)).digest("hex");

/** The file with other lines and a trailer that fits them, as a forger would make it. */
function resealed(lines: string[], more: object = {}): string {
  const sealed = lines.map((line) => `${line}\n`).join("");
  const sha256 = new Bun.CryptoHasher("sha256").update(sealed).digest("hex");
  return `${sealed}${JSON.stringify({ trailer: { ...of("trailer")[0], ...more, lines: lines.length, sha256 } })}\n`;
}

/** A record that goes on where the file's last one ends, with a hash that fits. */
function recordOf(kind: string, told: object | string): string {
  const last = of("audit").at(-1);
  const body = typeof told === "string" ? told : JSON.stringify(told);
  const before = `{"agent_id":null,"at":"${String(last?.at)}","body":${body},`;
  const after = `"kind":"${kind}","prev_hash":"${String(last?.hash)}","seq":${Number(last?.seq) + 1}}`;
  return `{"audit":${before}"hash":"${new Bun.CryptoHasher("sha256").update(before + after).digest("hex")}",${after}}`;
}

/** The lines before the trailer as texts, and the number of the first one of a kind that holds a text. */
const bare = () => text.trimEnd().split("\n").slice(0, -1);
const numberOf = (kind: string, part = "") => bare().findIndex((line) => line.startsWith(`{"${kind}":`) && line.includes(part)) + 1;

describe("a run's evidence", () => {
  test("is a file to keep: a header, all that is on record of the run and of no other, what the chain tells of it, and a trailer", async () => {
    const answer = await evidence();
    const headers = ["content-type", "content-disposition", "x-content-type-options", "cache-control"].map((name) =>
      answer.headers.get(name),
    );
    expect(headers).toEqual([
      "application/x-ndjson; charset=utf-8",
      `attachment; filename="evidence-${run}.ndjson"`,
      "nosniff",
      "no-store",
    ]);
    const lines = linesIn(await answer.text());
    expect([...new Set(kindsOf(lines))]).toEqual(["header", "run", "call", "exposure", "action", "claim", "event", "audit", "trailer"]);
    const [header] = of("header", lines);
    expect(header).toMatchObject({ format: "moltbot-evidence", version: 1, run_id: run, texts: true, dropped: [] });
    const counts = Object.entries(of("trailer", lines)[0]?.counts ?? {}).map(([kind, count]) => [
      kind,
      of(kind.slice(0, -1), lines).length - count,
    ]);
    expect(counts).toEqual(["calls", "exposures", "actions", "claims", "events"].map((kind) => [kind, 0]));
    expect(of("exposure", lines).length).toBeGreaterThan(5);
    expect(of("call", lines).map(({ tool }) => tool)).toEqual(["moltbook_browse_feed", "moltbook_comment", "moltbook_search"]);
    const told = of("audit", lines).map(({ kind }) => kind);
    expect(told.filter((kind) => kind !== "event.recorded" && kind !== "canary.planted")).toEqual([
      "run.claimed",
      ...Array.from({ length: 3 }, () => ["call.opened", "call.closed"]).flat(),
      "run.closed",
      "claims.checked",
    ]);
    expect(told.filter((kind) => kind === "event.recorded")).toHaveLength(of("event", lines).length);
    expect(JSON.stringify(lines)).not.toContain(other);
    const [{ max } = { max: 0 }] = await sql<{ max: number }[]>`select max(seq)::int from audit_log`;
    expect(of("trailer", lines)[0]).toMatchObject({ lines: lines.length - 1, head: { seq: max } });
  });

  test("holds what is stored: redacted, texts as strings of JSON and nothing else", async () => {
    expect(text).not.toContain("moltbook_sk_0123456789abcdefghij");
    const hostile = of("exposure").filter(({ band }) => band !== "allow");
    expect(hostile.length).toBeGreaterThan(0);
    const texts = of("exposure").map(({ text: one, content_hash }) => [
      new Bun.CryptoHasher("sha256").update(String(one)).digest("hex"),
      content_hash,
    ]);
    for (const [found, kept] of texts) expect(found).toBe(kept as string);
  });

  test("is for viewers and for programs that read as well, without the texts", async () => {
    const session = await insertSession((await ensureUser({ name: "vera", role: "viewer" }, "test")).id);
    const key = await insertApiKey("reader", "read");
    const url = `${app.url}/api/runs/${run}/evidence`;
    for (const headers of [{ cookie: `moltbot_session=${session}` }, { authorization: `Bearer ${key}` }]) {
      const file = await (await fetch(url, { headers })).text();
      expect(of("header", linesIn(file))[0]?.texts).toBe(false);
      expect(new Set(of("exposure", linesIn(file)).map((one) => one.text))).toEqual(new Set([null]));
      expect(of("call", linesIn(file)).map(({ result, result_sha256 }) => [result, typeof result_sha256])).toEqual(
        Array.from({ length: 3 }, () => [null, "string"]),
      );
      const verdict = await verdictOn(file);
      expect([verdict.ok, verdict.text]).toEqual([true, expect.stringContaining("what calls answered, are not in the file.")]);
      expect((await verdictOn(file.replace('"texts":false', '"texts":true'))).text).toContain("its result does not match its digest");
    }
    const page = await (await fetch(`${app.url}/runs/${run}`, { headers: { cookie: `moltbot_session=${session}` } })).text();
    expect(page).toContain(`action="/api/runs/${run}/evidence"`);
  });

  test("waits for the end of a heartbeat, and there is none of a run that is not there", async () => {
    const { id } = await openRun("still_going");
    expect((await evidence(id)).status).toBe(409);
    expect(await (await app.get(`/runs/${id}`)).text()).not.toContain("/evidence");
    await closeRun(id, { status: "cancelled", outcome: null, detail: null, exitCode: 0, report: null });
    expect((await verdictOn(await (await evidence(id)).text())).text).toContain("Records of the chain: 2. Calls as they tell of them: 0.");
    expect((await evidence(Bun.randomUUIDv7())).status).toBe(404);
    expect((await app.get(`/api/runs/${run}/evidence?texts=1`)).status).toBe(422);
  });

  test("names the prompt that led the run, and how it came to be", async () => {
    const [version] = await sql<{ id: string; number: number; sha256: string }[]>`
      select id, number, sha256 from prompt_versions where agent_id = ${app.agent.id}`;
    const id = await claimedRun(app.agent.id, { promptVersionId: version?.id ?? null });
    await closeRun(id, { status: "failed", outcome: null, detail: null, exitCode: 1, report: null });
    const file = await (await evidence(id)).text();
    expect(of("prompt", linesIn(file))).toEqual([{ ...version }] as never);
    expect(of("audit", linesIn(file)).map(({ kind }) => kind)).toEqual(["prompt.activated", "run.claimed", "run.closed"]);
    const forged = file.replace('"sha256":"', '"sha256":"00').replace(/("sha256":"[0-9a-f]{64})../, "$1");
    expect((await verdictOn(forged)).text).toBe("Line 3 does not fit: the chain has another text or number of this prompt version.");
  });

  test("of a run that was told of from outside has what was recorded of it, whenever that was", async () => {
    const key = await insertApiKey("teller", "ingest");
    const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
    const tell = (path: string, body: object) => fetch(app.url + path, { method: "POST", headers, body: JSON.stringify(body) });
    await tell("/api/runs", { run_id: "outside", started_at: "2026-01-01T00:00:00Z", finished_at: "2026-01-01T00:10:00Z" });
    expect((await tell("/api/runs/outside/actions", { action_type: "posted", target_title: "Told" })).status).toBe(201);
    const lines = linesIn(await (await evidence("outside")).text());
    expect(of("audit", lines).map(({ kind }) => kind)).toEqual(["run.recorded", "actions.recorded"]);
    expect(of("action", lines)).toHaveLength(1);
  });

  test("of more than is read at once is whole, in order, each line once", async () => {
    const { id, agent } = await openRun("busy");
    const ids = Array.from({ length: 120 }, () => Bun.randomUUIDv7());
    await sql`
      insert into tool_calls (id, agent_id, run_id, mode, tool, is_write, arguments, arguments_sha256)
      select id, ${agent.id}, ${id}, ${config.mode}, 'moltbook_home', false, '{}', repeat('0', 64) from unnest(${ids}::uuid[]) id`;
    await sql`select append_audit(${agent.id}, 'test.happened', ${`{"run_id":"${id}"}`}) from generate_series(1, 1200)`;
    await closeRun(id, { status: "succeeded", outcome: null, detail: null, exitCode: 0, report: null });
    const file = await (await evidence(id)).text();
    expect(of("call", linesIn(file)).map((call) => String(call.id))).toEqual(ids.toSorted());
    const records = of("audit", linesIn(file)).map(({ seq }) => Number(seq));
    expect([records.length, new Set(records).size]).toEqual([1202, 1202]);
    expect(await verdictOn(file)).toMatchObject({
      ok: true,
      text: expect.stringContaining("Calls of which they tell nothing, or not the end: 120."),
    });
  });
});

describe("a file of evidence", () => {
  test("that nobody touched fits, and is looked through without a database", async () => {
    const verdict = await verdictOn(text);
    expect(verdict.text).toContain(
      `All ${linesIn(text).length} lines fit, of run ${run}. Records of the chain: ${of("audit").length}. Calls as they tell of them: 3.`,
    );
    // What was searched for, and the code of a challenge.
    expect(verdict.text).toContain("so that nobody can recompute them: 2.");
    expect(verdict.ok).toBe(true);
    const path = join(folder, "alone.ndjson");
    await Bun.write(path, text);
    const env = { PATH: process.env.PATH ?? "", DATABASE_URL: "postgres://nobody@127.0.0.1:1/none" };
    const command = Bun.spawn(["bun", "jobs/cli.ts", "verify-audit", "--bundle", path], { env, stdout: "pipe" });
    expect([await new Response(command.stdout).text(), await command.exited]).toEqual([`${verdict.text}\n`, 0]);
  });

  test("is looked through alone, and not beside an export of the chain, of which nothing would be said", async () => {
    const both = verifyAuditJob.run({ agent: app.agent, mcpUrl: "", slot: null }, { bundle: "one.ndjson", file: "other.ndjson" });
    await expect(both).rejects.toThrow("Check one at a time.");
  });

  type Forgery = [what: string, kind: string, part: string, change: (line: string) => string, reason: string];
  const FORGERIES: Forgery[] = [
    [
      "the result of a call",
      "call",
      "browse_feed",
      (line) => line.replace('"votes":', '"votes":1'),
      "its result does not match its digest",
    ],
    [
      "a digest",
      "call",
      "browse_feed",
      (line) => line.replace(/"result_sha256":"../, '"result_sha256":"zz'),
      "its result does not match its digest",
    ],
    [
      "a result together with its digest",
      "call",
      "browse_feed",
      (line) => JSON.stringify({ call: { ...(JSON.parse(line) as Line).call, result: "sent", result_sha256: digest("sent") } }),
      "another digest of its result",
    ],
    ["what was sent", "call", "_comment", (line) => line.replace("A remark", "No remark"), "its arguments do not match their digest"],
    ["the tool", "call", "_comment", (line) => line.replace("moltbook_comment", "moltbook_home"), "the chain has another tool"],
    ["how a call went", "call", "_search", (line) => line.replace('"outcome":"denied"', '"outcome":"ok"'), "tells another outcome"],
    ["a verdict", "exposure", '"band":"withhold"', (line) => line.replace('"withhold"', '"allow"'), "what it brought the agent"],
    ["a text", "exposure", "", (line) => line.replace('"text":"', '"text":"x'), "its text does not match its hash"],
    ["an action", "action", "commented", (line) => line.replace('"commented"', '"upvoted"'), "other actions"],
    ["a claim", "claim", "", (line) => line.replace('"confirmed"', '"contradicted"'), "other claims"],
    ["an event", "event", "", (line) => line.replace('"low"', '"high"'), "otherwise of this event"],
    ["the run's end", "run", "", (line) => line.replace('"status":"succeeded"', '"status":"failed"'), "another end of the run"],
    ["a record", "audit", "run.closed", (line) => line.replace('"at":"2', '"at":"3'), "does not match its hash"],
    ["the shape of a line", "call", "", () => '{"call":{}}', "it is no line of a file of evidence"],
    ["a record's shape", "audit", "", () => '{"audit":{"seq":1}}', "it is no line of a file of evidence"],
  ];
  test.each(FORGERIES)("that was changed in %s is found out though its trailer fits", async (_, kind, part, change, reason) => {
    const index = numberOf(kind, part) - 1;
    const line = bare()[index] ?? "";
    expect(change(line)).not.toBe(line);
    const { ok, text: words } = await verdictOn(resealed(bare().with(index, change(line))));
    expect([ok, words]).toEqual([false, expect.stringContaining(reason)]);
    // A verdict, like an action, is held against the digest of its call.
    const blamed =
      kind === "exposure" && part !== ""
        ? /^Line \d+ /
        : kind === "action"
          ? `Line ${numberOf("call", "_comment")} `
          : `Line ${index + 1} `;
    expect(words).toMatch(blamed);
  });

  test("that was changed where nothing else tells is given away by its trailer", async () => {
    const changed = text.replace('"detail":null', '"detail":"x"');
    expect((await verdictOn(changed)).text).toBe(
      `Line ${linesIn(text).length} does not fit: the lines before it are not those that it seals.`,
    );
  });

  test("that lacks a line, has one twice, or was cut off is found out", async () => {
    const without = (kind: string, part = "") => resealed(bare().toSpliced(numberOf(kind, part) - 1, 1));
    expect((await verdictOn(without("call", "_search"))).text).toContain("does not fit");
    expect((await verdictOn(without("run"))).text).toContain("the run itself is missing");
    expect((await verdictOn(without("header"))).text).toBe("Line 1 does not fit: the header is the first line, and only that.");
    expect((await verdictOn(without("event"))).text).toContain("it tells of an event that is not in the file");
    expect((await verdictOn(without("claim"))).text).toContain("the chain tells of other claims");
    const twice = (kind: string) => resealed(bare().toSpliced(numberOf(kind), 0, bare()[numberOf(kind) - 1] ?? ""));
    expect((await verdictOn(twice("call"))).text).toBe(
      `Line ${numberOf("call") + 1} does not fit: it tells of a call that stands above already.`,
    );
    expect((await verdictOn(twice("event"))).text).toStartWith(`Line ${bare().length + 2} does not fit: it counts `);
    expect((await verdictOn(`${bare().join("\n")}\n`)).text).toBe(
      `Line ${bare().length + 1} does not fit: the trailer is missing, so the file was cut off.`,
    );
    expect((await verdictOn(text.slice(0, -20))).ok).toBe(false);
    expect((await verdictOn(`${text}{"action":{}}\n`)).text).toStartWith(`Line ${bare().length + 2} does not fit`);
    expect((await verdictOn("")).text).toStartWith("Line 1 does not fit: the trailer is missing");
    expect((await verdictOn("nonsense")).text).toStartWith("Line 1 does not fit: it is no line");
  });

  test("says which records were too old to be kept, as the chain tells, also when their months were made again since", async () => {
    const old = Bun.randomUUIDv7("hex", Date.parse("2020-02-02"));
    await sql`
      insert into runs (id, agent_id, mode, trigger, status, started_at, finished_at, created_at)
      values (${old}, ${app.agent.id}, 'sandbox', 'manual', 'succeeded', '2020-02-02', '2020-02-02', '2020-02-02')`;
    const headerOf = async () => of("header", linesIn(await (await evidence(old)).text()))[0];
    expect((await headerOf())?.dropped).toEqual([]);
    for (const again of [false, true]) {
      await owner`select ensure_months(array['2020-02-02']::timestamptz[])`;
      if (!again) await owner`select drop_expired_partition(name) from unnest(array['tool_calls_202002', 'events_202002']) name`;
      const file = await (await evidence(old)).text();
      const verdict = await verdictOn(file);
      expect([(await headerOf())?.dropped, of("audit", linesIn(file)).map(({ kind }) => kind)]).toEqual([
        ["tool_calls", "events"],
        ["retention.dropped", "retention.dropped"],
      ]);
      expect([verdict.ok, verdict.text]).toEqual([true, expect.stringContaining("in whole or in part: tool_calls, events.")]);
      const unheard = file.split("\n").filter((line) => !line.includes('"partition":"events'));
      expect((await verdictOn(unheard.join("\n"))).text).toBe(
        "Line 1 does not fit: it says that events were dropped, and no record of the chain tells of that.",
      );
    }
  });

  test("lacks no records but those that were dropped", async () => {
    const month = new Date().toISOString().slice(0, 7).replace("-", "");
    const without = (kind: string, dropped: string[], told: string | null) => {
      const lines = bare().filter((line) => !line.startsWith(`{"${kind}":`));
      const header = JSON.stringify({ header: { ...of("header")[0], dropped } });
      const record = told === null ? [] : [recordOf("retention.dropped", { partition: told })];
      return verdictOn(resealed([header, ...lines.slice(1), ...record], { counts: { ...of("trailer")[0]?.counts, [`${kind}s`]: 0 } }));
    };
    for (const [kind, name] of [
      ["exposure", "exposures"],
      ["call", "tool_calls"],
      ["event", "events"],
    ] as const) {
      const verdicts = [
        await without(kind, [name], `${name}_${month}`),
        await without(kind, [], null),
        await without(kind, [name], null),
        await without(kind, [name], `${name}_202002`),
      ];
      expect(verdicts.map(({ ok }) => ok)).toEqual([true, false, false, false]);
    }
  });

  test("in which the end of a call was forged does not fit, or tells that nothing is known of the end", async () => {
    const call = of("call").find(({ tool }) => tool === "moltbook_comment");
    const isEnd = (line: string) => line.includes('"kind":"call.closed"') && line.includes(String(call?.id));
    const forged = (changes: object) =>
      verdictOn(
        resealed(
          bare()
            .filter((line) => !isEnd(line))
            .map((line) =>
              line.startsWith(`{"call":{"id":"${String(call?.id)}"`) ? JSON.stringify({ call: { ...call, ...changes } }) : line,
            ),
        ),
      );
    const untold = await forged({ result: "sent", result_sha256: digest("sent"), outcome: "denied" });
    expect(untold.text).toContain("Calls as they tell of them: 2. Calls of which they tell nothing, or not the end: 1.");
    expect((await forged({ result: "sent" })).text).toContain("its result does not match its digest");
    expect((await forged({ result: "sent", result_sha256: null })).text).toContain("its result does not match its digest");
    expect((await forged({ result: null, result_sha256: null, outcome: "denied" })).text).toContain("it has an outcome, and no digest");
  });

  test("that holds what nobody can read is blamed for it, and nothing breaks", async () => {
    const last = bare().length + 1;
    for (const body of ["{no json}", '{}],"body":5,"x":[{}', '{"a":1},"body":5,"x":{"b":1}'])
      expect((await verdictOn(resealed([...bare(), recordOf("test.happened", body)]))).text).toMatch(
        new RegExp(`^Line ${last} does not fit: record \\d+ holds what nobody can read\\.$`),
      );
    const without = bare().filter((line) => !line.includes('"kind":"claims.checked"'));
    const beyond = recordOf("claims.checked", `{"confirmed":1e999,"run_id":"${run}"}`);
    expect((await verdictOn(resealed([...without, beyond]))).text).toContain("it holds what cannot be hashed");
    const index = numberOf("call") - 1;
    const deep = (bare()[index] ?? "").replace('"result":{', `"result":{"deep":${"[".repeat(100_000)}${"]".repeat(100_000)},`);
    expect((await verdictOn(resealed(bare().with(index, deep)))).text).toStartWith(`Line ${index + 1} does not fit`);
  });

  test("whose records were put in another order, or one of them left out between two, is found out", async () => {
    const first = numberOf("audit", "call.opened") - 1;
    const [one = "", two = ""] = bare().slice(first, first + 2);
    expect(
      (
        await verdictOn(
          resealed(
            bare()
              .with(first, two)
              .with(first + 1, one),
          ),
        )
      ).text,
    ).toContain("does not come after record");
    const another = bare().map((line) => line.replace(/("kind":"call\.closed","prev_hash":")../, "$1zz"));
    expect((await verdictOn(resealed(another))).ok).toBe(false);
  });

  test("tells of what was changed in the database", async () => {
    const [call] = await sql<{ id: string }[]>`select id from tool_calls where run_id = ${run} and tool = 'moltbook_comment'`;
    await owner`update tool_calls set outcome = 'denied' where id = ${call?.id ?? ""}`;
    expect((await verdictOn(await (await evidence()).text())).text).toBe(
      `Line ${numberOf("call", "_comment")} does not fit: the chain tells another outcome of it.`,
    );
    await owner`update tool_calls set outcome = 'ok' where id = ${call?.id ?? ""}`;
    await owner`create table kept as select * from exposures where run_id = ${run}`;
    await owner`delete from exposures where run_id = ${run} and band <> 'allow'`;
    expect((await verdictOn(await (await evidence()).text())).text).toContain("another digest of what it brought the agent");
    await owner`delete from exposures where run_id = ${run}`;
    await owner`insert into exposures select * from kept`;
    await owner`drop table kept`;
    expect((await verdictOn(await (await evidence()).text())).ok).toBe(true);
    const [read] = await sql<{ id: string }[]>`select id from tool_calls where run_id = ${run} and tool = 'moltbook_search'`;
    await owner`delete from tool_calls where id = ${read?.id ?? ""}`;
    expect((await verdictOn(await (await evidence()).text())).text).toContain("it tells of a call that is not in the file");
  });
});
