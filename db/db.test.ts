import { expect, test } from "bun:test";

import postgres from "postgres";

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
