import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import postgres from "postgres";

import { migrate } from "../../db/migrate.ts";
import { ownerUrl } from "../../db/testing.ts";
import { ensureAgent } from "../agents/queries.ts";
import { verifyAudit } from "../audit/verify.ts";
import type { Finding } from "./schema.ts";

const ROOT = join(import.meta.dir, "..", "..");
const folder = mkdtempSync(join(tmpdir(), "moltbot-doctor-"));
const sql = postgres(ownerUrl(), { max: 1, onnotice: () => {} });
/** A key in the form of Moltbook's, which must be in no output. */
const KEY = ["moltbook", "not_a_real_key_0123456789"].join("_");

setDefaultTimeout(30_000);
beforeAll(async () => {
  await ensureAgent("sandbox_molty");
  await verifyAudit("test", null);
});
afterAll(async () => {
  await sql.end();
  rmSync(folder, { recursive: true, force: true });
});

async function doctor(env: Record<string, string> = {}) {
  const child = Bun.spawn([process.execPath, "jobs/cli.ts", "doctor", "--json"], {
    cwd: ROOT,
    env: { PATH: process.env.PATH ?? "", DATABASE_URL: ownerUrl(), DATA_DIR: join(folder, "data"), PORT: "0", ...env },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const [stdout, stderr, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  expect(stderr).toBe("");
  const { findings } = JSON.parse(stdout) as { findings: Finding[] };
  const of = (check: string) => findings.filter((finding) => finding.check === check);
  return { code, stdout, findings, of, failed: findings.filter(({ state }) => state === "failed").map(({ check }) => check) };
}

test("finds nothing wrong with a sandbox in order, and changes nothing", async () => {
  const { code, findings } = await doctor();
  expect(findings.filter(({ state }) => state !== "ok")).toEqual([]);
  expect(code).toBe(0);
  expect(findings.map(({ check }) => check)).toEqual(
    expect.arrayContaining([
      "bun",
      "data folder",
      "disk",
      "port",
      "environment",
      "moltbook",
      "agent",
      "schedule",
      "database",
      "migrations",
    ]),
  );
  expect(existsSync(join(folder, "data", "id"))).toBe(false);
});

test("makes no database where there is none yet", async () => {
  const { code, of } = await doctor({ DATABASE_URL: "", DATA_DIR: join(folder, "new") });
  expect([code, of("database")[0]?.seen]).toEqual([0, "none yet: bun run start makes one"]);
  expect(existsSync(join(folder, "new"))).toBe(false);
});

test("tells people in a table, with the cure below each finding", async () => {
  const env = { PATH: process.env.PATH ?? "", DATABASE_URL: ownerUrl(), DATA_DIR: folder, PORT: "0", MOLTBOOK_API_KYE: KEY };
  const { stdout, exitCode } = Bun.spawnSync([process.execPath, "jobs/cli.ts", "doctor"], { cwd: ROOT, env });
  expect(stdout.toString()).toMatch(/^ok {4}bun +Bun /m);
  expect(stdout.toString()).toMatch(/^WARN {2}environment +MOLTBOOK_API_KYE means nothing to Moltbot\n +Did you mean MOLTBOOK_API_KEY\?$/m);
  expect(stdout.toString()).not.toContain(KEY);
  expect(exitCode).toBe(0);
});

test("misses the agent, its account, and a schedule that never comes round, and shows no secret", async () => {
  const real = { MOLTBOOK_API_KEY: KEY, AGENT_COMMAND: "no-such-agent", HEARTBEAT_TIMEZONE: "Europe/Berlin" };
  const none = await doctor(real);
  expect([none.code, none.failed]).toEqual([1, ["agent"]]);
  expect(none.stdout).not.toContain(KEY);
  const program = join(folder, "agent");
  writeFileSync(program, "#!/bin/sh\necho 2.1.330 of an agent\n", { mode: 0o755 });
  const alone = await doctor({ ...real, AGENT_COMMAND: program });
  expect([alone.of("agent")[0]?.seen, alone.failed]).toEqual([`${program}, 2.1.330 of an agent`, ["agent's account"]]);
  const complete = await doctor({ ...real, AGENT_COMMAND: program, ANTHROPIC_API_KEY: "a-secret-of-its-own" });
  expect([complete.code, complete.failed]).toEqual([0, []]);
  expect(complete.stdout).not.toContain("a-secret-of-its-own");
});

test("says that the database cannot be reached, without its password", async () => {
  const { code, of, stdout, failed } = await doctor({ DATABASE_URL: ["postgres://moltbot", "hunter-2@127.0.0.1:1/none"].join(":") });
  expect([code, failed, of("database")[0]?.seen]).toEqual([1, ["database"], "cannot be used (ECONNREFUSED)"]);
  expect(stdout).not.toContain("hunter-2");
});

test("finds an empty database, and one of a newer version", async () => {
  const url = new URL(ownerUrl());
  url.pathname = `/doctor_${crypto.randomUUID().replaceAll("-", "")}`;
  await sql`create database ${sql(url.pathname.slice(1))}`;
  const empty = await doctor({ DATABASE_URL: url.href });
  expect([empty.code, empty.failed, empty.of("migrations")[0]?.cure]).toEqual([1, ["migrations"], expect.stringContaining("job migrate")]);
  await sql`drop database ${sql(url.pathname.slice(1))}`;
  await sql`insert into schema_migrations (version) values ('29991231000000')`;
  const newer = await doctor();
  await sql`delete from schema_migrations where version = '29991231000000'`;
  expect([newer.failed, newer.of("migrations")[0]?.cure]).toEqual([["migrations"], "Update Moltbot."]);
});

test("finds missing partitions, a chain that was changed, and rights that are too wide", async () => {
  const month = new Date();
  month.setUTCDate(1);
  month.setUTCMonth(month.getUTCMonth() + 1);
  const name = `events_${month.toISOString().slice(0, 7).replace("-", "")}`;
  await sql`drop table ${sql(name)}`;
  await sql`grant insert on audit_log to moltbot_app`;
  await sql`
    insert into audit_verifications (id, actor, first_seq, last_seq, head, fault_seq, fault_reason)
    values (${Bun.randomUUIDv7()}, 'test', 1, 1, decode(repeat('00', 32), 'hex'), 1, 'its content does not match its hash')`;
  const { failed, of } = await doctor();
  await sql`revoke insert on audit_log from moltbot_app`;
  await sql`delete from audit_verifications where fault_seq is not null`;
  await sql`select ensure_partitions(now(), 3)`;
  expect(failed).toEqual(["rights", "partitions", "audit chain"]);
  expect(of("partitions")[0]?.seen).toBe(`not there: ${name}`);
  expect(of("audit chain")[0]?.seen).toBe("is broken at record 1: its content does not match its hash");
});

test("finds that something which migrations made is gone, and the app's role without rights", async () => {
  const url = new URL(ownerUrl());
  url.pathname = `/doctor_${crypto.randomUUID().replaceAll("-", "")}`;
  const name = url.pathname.slice(1);
  await sql`create database ${sql(name)}`;
  await migrate(url.href);
  const other = postgres(url.href, { max: 1, onnotice: () => {} });
  await other`revoke insert on runs from moltbot_app`;
  const poor = await doctor({ DATABASE_URL: url.href });
  expect([poor.code, poor.failed, poor.of("rights")[0]?.cure]).toEqual([1, ["rights"], expect.stringContaining("Grant them anew")]);
  await other`drop table audit_verifications`;
  const gone = await doctor({ DATABASE_URL: url.href });
  expect([gone.code, gone.failed, gone.of("records")[0]?.seen]).toEqual([1, ["records"], "cannot be looked at (42P01)"]);
  await other.end();
  await sql`drop database ${sql(name)}`;
});

test("takes what answers like the predecessor for something else, and tells a Moltbot without its database", async () => {
  let status = "ok";
  using other = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: ({ url }) => Response.json({ status: url.endsWith("/ready") ? status : "ok" }),
  });
  const port = async () => {
    const { of } = await doctor({ PORT: String(other.port) });
    return [of("port")[0]?.state, of("port")[0]?.seen];
  };
  expect(await port()).toEqual(["failed", expect.stringContaining("is taken by something else")]);
  status = "not_ready";
  expect(await port()).toEqual(["failed", expect.stringContaining("its database does not serve it")]);
  status = "ready";
  expect(await port()).toEqual(["ok", expect.stringContaining("Moltbot answers on")]);
});

test("finds a port that something else has, a log that cannot be written, and a model that is not here", async () => {
  const other = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data: (socket) => void socket.end() } });
  mkdirSync(join(folder, "log"));
  const { failed } = await doctor({
    PORT: String(other.port),
    SECURITY_LOG_PATH: join(folder, "log", "none", "security.log"),
    CONTENT_FILTER_ML: "true",
  });
  other.stop(true);
  expect(failed).toEqual(["security log", "port", "filter's model"]);
});
