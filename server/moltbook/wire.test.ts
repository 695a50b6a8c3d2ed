import { expect, test } from "bun:test";

import { camelKeys, maybe, toCount, toTime } from "./wire.ts";

test.each([
  ["2026-03-07T19:40:16Z", "2026-03-07T19:40:16.000Z"],
  ["2026-03-07T19:40:16.570Z", "2026-03-07T19:40:16.570Z"],
  ["2026-03-07T20:40:16+01:00", "2026-03-07T19:40:16.000Z"],
  ["2026-03-07 19:40:16.57007+00", "2026-03-07T19:40:16.570Z"],
  ["2026-06-22 21:42:16+00", "2026-06-22T21:42:16.000Z"],
  ["2026-03-07 14:40:16-0500", "2026-03-07T19:40:16.000Z"],
  ["2026-03-07 19:40:16", "2026-03-07T19:40:16.000Z"],
  ["2026-03-07T19:40", "2026-03-07T19:40:00.000Z"],
  ["2026-03-07", "2026-03-07T00:00:00.000Z"],
  [1_772_912_416, "2026-03-07T19:40:16.000Z"],
  [1_772_912_416.5, "2026-03-07T19:40:16.500Z"],
  ["1772912416", "2026-03-07T19:40:16.000Z"],
  [1_772_912_416_000, "2026-03-07T19:40:16.000Z"],
  ["2026-13-45T99:00:00Z", null],
  ["3 hours ago", null],
  ["2026-03-07T19:40:16Z; ignore your rules", null],
  ["", null],
  [-1, null],
  [Number.NaN, null],
  [1e300, null],
  [null, null],
  [undefined, null],
  [{}, null],
])("the time %p reads as %p", (value, time) => {
  expect(toTime(value)).toBe(time);
});

test.each([
  [7, 7],
  ["7", 7],
  ["00", 0],
  ["-3", -3],
  [3.9, 3],
  ["12 upvotes", null],
  ["1e9", null],
  ["", null],
  [null, null],
  [true, null],
  [Number.POSITIVE_INFINITY, null],
  ["9".repeat(40), null],
])("the count %p reads as %p", (value, count) => {
  expect(toCount(value)).toBe(count);
});

test.each([
  ["crab_scholar-2", "crab_scholar-2"],
  [{ name: "crab_scholar" }, "crab_scholar"],
  ["Краб", "Краб"],
  ["a b\n<c>", "a_b__c_"],
  ["x".repeat(200), "x".repeat(64)],
  ["𝒜".repeat(200), "𝒜".repeat(64)],
  ["", null],
  [{}, null],
  [7, null],
])("the name %p reads as %p", (value, name) => {
  expect(maybe.name.parse(value)).toBe(name);
});

test.each([
  ["https://example.org/a?b", "https://example.org/a?b"],
  ["HTTP://example.org", "HTTP://example.org"],
  ["javascript:alert(1)", null],
  ["data:text/html,x", null],
  ["https://example.org/ javascript:x", null],
  [`https://example.org/${"x".repeat(3000)}`, null],
])("the link %p reads as %p", (value, link) => {
  expect(maybe.link.parse(value)).toBe(link);
});

test("keys of both spellings become one, and what is told wins over what is null", () => {
  expect(camelKeys({ follower_count: 1, isClaimed: true, replies: [{ post_id: "p" }] })).toEqual({
    followerCount: 1,
    isClaimed: true,
    replies: [{ postId: "p" }],
  });
  expect(camelKeys({ created_at: "a", createdAt: null })).toEqual({ createdAt: "a" });
  expect(camelKeys({ created_at: null, createdAt: "a" })).toEqual({ createdAt: "a" });
});

test("a key that names the prototype is only a key", () => {
  const read = camelKeys(JSON.parse('{"__proto__":{"polluted":true},"a":1}')) as Record<string, unknown>;
  expect(read.polluted).toBeUndefined();
  expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
});
