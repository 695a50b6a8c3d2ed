import { expect, test } from "bun:test";

import postgres from "postgres";

import { ownerUrl } from "../../db/testing.ts";
import { until } from "../../test/app.ts";
import { isDataDirLocked, lockDataDir } from "./queries.ts";

test("a data directory belongs to one process at a time, and every process may have one of its own", async () => {
  const first = await lockDataDir("one");
  expect(first).not.toBeNull();
  expect(await lockDataDir("one")).toBeNull();
  const other = await lockDataDir("two");
  expect([await isDataDirLocked("one"), await isDataDirLocked("two"), await isDataDirLocked("three")]).toEqual([true, true, false]);
  await first?.release();
  await until(async () => !(await isDataDirLocked("one")));
  const again = await lockDataDir("one");
  expect(again).not.toBeNull();
  await Promise.all([again?.release(), other?.release()]);
});

test("a lock that was lost with its session can still be released", async () => {
  const lock = await lockDataDir("lost");
  const owner = postgres(ownerUrl(), { max: 1 });
  await owner`
    select pg_terminate_backend(l.pid) from pg_locks l join pg_database d on d.oid = l.database
    where l.locktype = 'advisory' and d.datname = current_database()`;
  await until(async () => !(await isDataDirLocked("lost")));
  await owner.end();
  await lock?.release();
  const next = await lockDataDir("lost");
  expect(next).not.toBeNull();
  await next?.release();
});
