import { expect, test } from "bun:test";

import postgres from "postgres";

import { migrate } from "./migrate.ts";
import { ownerUrl } from "./testing.ts";

test("a password may hold any character, and is in no message", async () => {
  const owner = postgres(ownerUrl(), { max: 1, onnotice: () => {} });
  const name = `odd_${crypto.randomUUID().replaceAll("-", "")}`;
  const password = "hunter-2^[|] {x}";
  await owner.unsafe(`create role ${name} login superuser password '${password}'`);
  await owner`create database ${owner(name)}`;
  const url = ownerUrl()
    .replace(/\/\/[^@]*@/, `//${name}:${password}@`)
    .replace(/\/test_\w+/, `/${name}`);
  expect(await migrate(url)).toBeGreaterThan(10);
  expect(await migrate(url)).toBe(0);

  // Somebody's own table stands where the first migration makes one.
  await owner`drop database ${owner(name)} with (force)`;
  await owner`create database ${owner(name)}`;
  const other = postgres(url, { max: 1 });
  await other`create table agents (id int)`;
  await other.end();
  const message = await migrate(url).catch((error: Error) => error.message);
  expect(message).toStartWith("The migrations could not be applied:\n");
  expect(message).not.toContain("hunter-2");
  await owner`drop database ${owner(name)} with (force)`;
  await owner.unsafe(`drop role ${name}`);
  await owner.end();
});
