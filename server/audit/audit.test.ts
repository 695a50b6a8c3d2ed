import { expect, test } from "bun:test";

import postgres from "postgres";

import { sql } from "../../db/client.ts";
import { ownerUrl } from "../../db/testing.ts";
import { canonical } from "./canonical.ts";
import { appendAudit } from "./queries.ts";
import { verifyChain } from "./verify.ts";

test("canonical JSON follows RFC 8785", () => {
  expect(canonical({ b: [1e21, 0.000001, -0, true, null], a: '\u20ac\u000f\n"\\', "\u20ac": 1, "\r": 2, A: undefined })).toBe(
    '{"\\r":2,"a":"\u20ac\\u000f\\n\\"\\\\","b":[1e+21,0.000001,0,true,null],"\u20ac":1}',
  );
  expect(() => canonical({ a: Number.NaN })).toThrow(TypeError);
});

test("the chain verifies however many append at once, and names the first record that was changed", async () => {
  expect(await verifyChain()).toEqual({ records: 0, head: null, fault: null });
  await Promise.all(Array.from({ length: 40 }, (_, n) => appendAudit(null, "test.happened", { n, text: "ü — “quoted” \u2028" })));
  const whole = await verifyChain();
  expect(whole).toMatchObject({ records: 40, fault: null });

  const owner = postgres(ownerUrl(), { max: 1 });
  await owner`alter table audit_log disable trigger audit_log_append_only`;
  await owner`update audit_log set body = replace(body, '"n":', '"n":1') where seq = 17`;
  expect((await verifyChain()).fault).toEqual({ seq: 17, reason: "its content does not match its hash" });
  await owner`delete from audit_log where seq = 5`;
  expect((await verifyChain()).fault).toEqual({ seq: 6, reason: "sequence number 5 is missing" });
  await owner.end();
});

test("two states of the chain differ in their head", async () => {
  const [before] = await sql<{ hash: Buffer }[]>`select hash from audit_log order by seq desc limit 1`;
  await appendAudit(null, "test.happened", {});
  const [after] = await sql<{ hash: Buffer; prev_hash: Buffer }[]>`select hash, prev_hash from audit_log order by seq desc limit 1`;
  expect(after?.prev_hash).toEqual(before?.hash as Buffer);
  expect(after?.hash).not.toEqual(before?.hash as Buffer);
});
