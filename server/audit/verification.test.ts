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
import { ensureAgent } from "../agents/queries.ts";
import { insertApiKey } from "../auth/queries.ts";
import { appendAudit } from "./queries.ts";
import type { AuditHead, AuditRecord, AuditVerification } from "./schema.ts";
import { verifyAudit } from "./verify.ts";

let app: TestApp;
let owner: postgres.Sql;
let folder: string;

beforeAll(async () => {
  app = await startTestApp();
  owner = postgres(ownerUrl(), { max: 1, onnotice: () => {} });
  folder = mkdtempSync(join(tmpdir(), "moltbot-audit-"));
  const other = await ensureAgent("other_agent");
  for (let n = 0; n < 12; n += 1)
    await appendAudit(n % 2 ? other.id : null, n < 4 ? "test.early" : "test.late", { n, text: "ü “\u2028” \\" });
});
afterAll(async () => {
  await app.stop();
  await owner.end();
  rmSync(folder, { recursive: true });
});

const json = async <Value>(answer: Response | Promise<Response>) => (await (await answer).json()) as Value;
const list = (query = "") => json<{ items: AuditRecord[]; next: string | null }>(app.get(`/api/audit${query}`));
const head = () => json<AuditHead>(app.get("/api/audit/head"));
const verify = () => json<AuditVerification>(app.get("/api/audit/verify", { method: "POST" }));
const seen = async (path: string) => (await (await app.get(path)).text()).replaceAll(/<[^>]*>/g, " ").replaceAll(/\s+/g, " ");
const run = (file?: string) => verifyAuditJob.run({ agent: app.agent, mcpUrl: "", slot: null }, { file });

/** Changes the chain as only the owner of the database can, looks, and changes it back. */
async function tampered<Value>(
  change: (sql: postgres.Sql) => Promise<unknown>,
  undo: (sql: postgres.Sql) => Promise<unknown>,
  look: () => Promise<Value>,
) {
  await owner`alter table audit_log disable trigger audit_log_append_only`;
  await change(owner);
  try {
    return await look();
  } finally {
    await undo(owner);
    await owner`alter table audit_log enable trigger audit_log_append_only`;
  }
}

describe("the list of records", () => {
  test("goes from the newest to the first, page by page, each once, while records arrive", async () => {
    const { records } = await head();
    const numbers: number[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const page = await list(`?limit=5${cursor && `&cursor=${cursor}`}`);
      numbers.push(...page.items.map(({ seq }) => seq));
      cursor = page.next;
      await appendAudit(null, "test.meanwhile", {});
    }
    expect(numbers).toEqual(Array.from({ length: records }, (_, n) => records - n));
  });

  test("is narrowed by kind, agent and time, and by nothing that it does not know", async () => {
    const bodies = async (query: string) => (await list(query)).items.map(({ body }) => (JSON.parse(body) as { n: number }).n);
    expect(await bodies("?kind=test.early")).toEqual([3, 2, 1, 0]);
    expect(await bodies("?kind=test.late&agent_name=other_agent&limit=2")).toEqual([11, 9]);
    expect((await list("?agent_name=nobody")).items).toEqual([]);
    const [eleventh] = (await list("?kind=test.late&limit=1")).items;
    expect(await bodies(`?kind=test.late&date_from=${eleventh?.at}&date_to=${eleventh?.at}`)).toContain(11);
    const today = new Date().toISOString().slice(0, 10);
    expect((await bodies(`?kind=test.early&date_from=${today}&date_to=${today}`)).length).toBe(4);
    expect(await bodies("?kind=test.early&date_to=2020-01-01")).toEqual([]);
    expect(await bodies("?kind=test.early&date_from=2120-01-01")).toEqual([]);
    for (const query of ["colour=red", "kind=drop%20table", "cursor=x", "date_from=yesterday", "limit=0"])
      expect((await app.get(`/api/audit?${query}`)).status).toBe(422);
  });
});

describe("a verification", () => {
  test("says up to where the chain holds, and is on record with its actor", async () => {
    const { records } = await head();
    const result = await verify();
    expect(result).toMatchObject({ actor: "operator:operator", first_seq: 1, last_seq: records, fault: null });
    const after = await head();
    expect(after).toMatchObject({ records: records + 1, last_verification: result, last_whole_verification: result });
    const [record] = (await list("?limit=1")).items;
    expect([record?.kind, record?.body]).toEqual([
      "audit.verified",
      `{"actor":"operator:operator","fault_seq":null,"first_seq":1,"last_seq":${records}}`,
    ]);
    expect((await list(`?limit=1&cursor=${records + 1}`)).items[0]?.hash).toBe(result.head ?? "");
  });

  test("of the newest records alone says where it began, and counts for no whole one", async () => {
    const { records, last_whole_verification: whole } = await head();
    expect(await verifyAudit("test", 5)).toMatchObject({ first_seq: records - 4, last_seq: records, fault: null });
    expect((await head()).last_whole_verification).toEqual(whole);
  });

  test("may be asked for by a program that may write", async () => {
    const headers = { authorization: `Bearer ${await insertApiKey("auditor", "write")}` };
    const answer = await fetch(`${app.url}/api/audit/verify`, { method: "POST", headers });
    expect(await json<AuditVerification>(answer)).toMatchObject({ actor: "key:auditor", fault: null });
  });

  test("names the record that was changed, and raises a critical event once", async () => {
    const change = (text: string) => (one: postgres.Sql) => one`update audit_log set body = ${text} where seq = 7`;
    const [before] = await sql<{ body: string }[]>`select body from audit_log where seq = 7`;
    const [first, , page] = await tampered(change('{"n":"<img src=x>'), change(before?.body ?? ""), async () => {
      const results = [await verify(), await verify()];
      return [...results, `${await seen("/audit")} ${await (await app.get("/audit/7")).text()}`] as const;
    });
    expect(first).toMatchObject({ last_seq: 6, fault: { seq: 7, reason: "its content does not match its hash" } });
    expect(page).toContain("The chain is broken at record #7.");
    expect(page).not.toContain("<img src=x>");
    const events = await sql<{ severity: string }[]>`select severity from events where type = 'audit_chain_broken'`;
    expect([...events]).toEqual([{ severity: "critical" }]);
    expect((await verify()).fault).toBeNull();
    expect(await seen("/audit")).not.toContain("broken at");
  });

  test("sees that the end of the chain was cut off since the last one, or written anew", async () => {
    const sound = await verify();
    await owner`create table kept as select * from audit_log where seq >= ${sound.last_seq}`;
    const cut = (one: postgres.Sql) => one`delete from audit_log where seq >= ${sound.last_seq}`;
    const back = async (one: postgres.Sql) => {
      await one`delete from audit_log where seq >= ${sound.last_seq}`;
      await one`insert into audit_log select * from kept`;
    };
    const [short, anew] = await tampered(cut, back, async () => {
      const gone = await verify();
      return [gone, await verify()] as const;
    });
    expect(short.fault).toEqual({ seq: sound.last_seq, reason: "it was verified before and is gone" });
    // The first look has appended records of its own, in the place of those that were cut off.
    expect(anew.fault).toEqual({ seq: sound.last_seq, reason: "it is not the record that was verified before" });
    expect((await verify()).fault).toBeNull();
  });
});

describe("an export", () => {
  const download = async () => (await app.get("/api/audit/export")).text();
  const save = async (text: string) => {
    const path = join(folder, `${crypto.randomUUID()}.ndjson`);
    await Bun.write(path, text);
    return path;
  };

  test("holds every record as a line of JSON, and is verified without the database", async () => {
    const answer = await app.get("/api/audit/export");
    expect(answer.headers.get("content-type")).toBe("application/x-ndjson; charset=utf-8");
    const text = await answer.text();
    const records = text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as AuditRecord);
    expect(records.map(({ seq }) => seq)).toEqual(records.map((_, n) => n + 1));
    expect(records.at(-1)?.hash).toBe((await head()).hash ?? "");
    expect(await run(await save(text))).toEqual({
      ok: true,
      text: `The chain is whole: ${records.length} records, head ${records.at(-1)?.hash}.`,
    });
  });

  test("that was changed, shortened in its middle or mixed up is found out", async () => {
    const lines = (await download()).trimEnd().split("\n");
    const verdict = async (changed: string[]) => (await run(await save(`${changed.join("\n")}\n`))).text;
    expect(await verdict(lines.with(4, lines[4]?.replace('"at":"2', '"at":"3') ?? ""))).toContain("broken at record 5: its content");
    expect(await verdict(lines.toSpliced(4, 1))).toBe("The chain is broken at record 6: sequence number 5 is missing.");
    expect(await verdict([...lines.slice(0, 4), ...lines.slice(4, 6).toReversed()])).toContain("broken at record 6");
    expect(await verdict(lines.slice(0, -2))).toContain(`${lines.length - 2} records, head`);
  });

  test("that is none is refused with its line", async () => {
    const [first = "", second = ""] = (await download()).split("\n");
    for (const text of [`${first}\n{}\n`, `${first}\n${second.slice(0, -9)}`, `${first}\n\n`, `${first}\n${"x".repeat(3 * 1024 * 1024)}`])
      expect(run(await save(text))).rejects.toThrow("Line 2 is no line of an export");
    expect(run(join(folder, "nothing"))).rejects.toThrow("There is no file");
    expect(await run(await save(""))).toEqual({ ok: true, text: "The chain is whole: 0 records." });
  });
});

describe("the page of the chain", () => {
  test("says how far the chain was verified, verifies it at a press, and leads to every record", async () => {
    const answer = await app.get("/audit/verify", { method: "POST" });
    expect([answer.status, answer.headers.get("location")]).toEqual([303, "/audit"]);
    const { records } = await head();
    const text = await seen("/audit");
    expect(text).toContain(`${records} records in one chain. Everything that was looked at fits together, up to record #${records - 1}.`);
    expect(text).toContain(`#1 to #${records - 1}, just now by operator:operator`);
    expect(await seen(`/audit/${records}`)).toContain(`#${records} audit verified.`);
    expect((await app.get("/audit/999999")).status).toBe(404);
    expect((await app.get("/audit/one")).status).toBe(422);
  });

  test("keeps its filter in the address, and says when nothing matches", async () => {
    const markup = await (await app.get("/audit?kind=test.early&agent_name=other_agent&limit=1&utm_source=x")).text();
    expect(markup).toContain('<option value="test.early" selected>');
    expect(markup).toMatch(/href="\/audit\?kind=test\.early&agent_name=other_agent&cursor=\d+"/);
    expect(await seen("/audit?kind=test.never")).toContain("No record matches. Show all records");
    expect((await app.get("/audit?kind=%3Cscript%3E&date_from=yesterday&cursor=-1")).status).toBe(200);
  });
});
