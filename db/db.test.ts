import { expect, test } from "bun:test";

import postgres from "postgres";

import { until } from "../test/app.ts";
import { sql } from "./client.ts";
import { ownerUrl } from "./testing.ts";

test("the app's role can append to the audit log and do nothing else to it", async () => {
  await sql`select append_audit(null, 'test.happened', '{"n":1}')`;
  const refused = async (query: Promise<unknown>) => expect(query).rejects.toThrow(/permission denied|must be owner/);
  await refused(sql`update audit_log set kind = 'test.changed'`.execute());
  await refused(sql`delete from audit_log`.execute());
  await refused(sql`truncate audit_log`.execute());
  await refused(
    sql`insert into audit_log (seq, at, kind, body, prev_hash, hash) values (9, now(), 'a.b', '{}', '\\x00', '\\x00')`.execute(),
  );
  await refused(sql`drop table audit_log`.execute());
});

test("not even the owner changes a record of the audit log by accident", async () => {
  const owner = postgres(ownerUrl(), { max: 1 });
  await expect(owner`update audit_log set kind = 'test.changed'`.execute()).rejects.toThrow(/append-only/);
  await owner.end();
});

test("partitions are made ahead, once", async () => {
  const count = async () =>
    (await sql<{ n: number }[]>`select count(*)::int as n from pg_inherits where inhparent = 'tool_calls'::regclass`)[0]?.n;
  const before = await count();
  const [first] = await sql<{ made: number }[]>`select ensure_partitions(now(), 5) as made`;
  const [second] = await sql<{ made: number }[]>`select ensure_partitions(now(), 5) as made`;
  expect([before, first?.made, second?.made, await count()]).toEqual([4, 8, 0, 6]);
});

test.each(["while it is asked", "between two questions", "unheard"])(
  "a transaction whose connection is lost %s fails, and nothing else",
  async (when) => {
    const owner = postgres(ownerUrl(), { max: 1 });
    const lost = sql.begin(async (tx) => {
      await tx`select append_audit(null, 'test.lost', '{"n":1}')`;
      const [session] = await tx<{ pid: number }[]>`select pg_backend_pid() as pid`;
      const isGone = () => owner`select from pg_stat_activity where pid = ${session?.pid ?? 0}`.then(({ count }) => count === 0);
      const end = owner`select pg_terminate_backend(${session?.pid ?? 0})`;
      if (when === "unheard") return Promise.allSettled([end, tx`select pg_sleep(10)`]);
      if (when === "between two questions") await end.then(() => until(isGone));
      else await Promise.all([end, tx`select pg_sleep(10)`]);
      return tx`select append_audit(null, 'test.lost', '{"n":2}')`;
    });
    expect(String(await lost.catch((error: unknown) => error))).toMatch(/terminating connection|CONNECTION_CLOSED/);
    await owner.end();
    // The first query on a renewed connection may be told of the old one's end.
    await Promise.allSettled(Array.from({ length: 20 }, () => sql`select 1`));
    expect((await sql`select from audit_log where kind = 'test.lost'`).count).toBe(0);
  },
);

test("a transaction whose work fails because another connection was lost is undone, and rejects", async () => {
  const other = postgres(ownerUrl(), { max: 1 });
  const failed = sql.begin(async (tx) => {
    await tx`select pg_advisory_xact_lock(4711), append_audit(null, 'test.undone', '{}')`;
    await other`select pg_terminate_backend(pg_backend_pid())`;
  });
  const error: unknown = await failed.catch((reason: unknown) => reason);
  expect([String(error), (error as { query?: string }).query]).toEqual([
    expect.stringContaining("CONNECTION_CLOSED"),
    "select pg_terminate_backend(pg_backend_pid())",
  ]);
  await other.end({ timeout: 0 });
  const [lock] = await sql<{ taken: boolean }[]>`select pg_try_advisory_xact_lock(4711) as taken`;
  expect(lock?.taken).toBe(true);
  expect((await sql`select from audit_log where kind = 'test.undone'`).count).toBe(0);
});
