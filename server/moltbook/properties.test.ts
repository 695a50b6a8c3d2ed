import { expect, test } from "bun:test";

import * as fc from "fast-check";

import { screen } from "../filter/screen.ts";
import type { Moltbook } from "./endpoints.ts";
import { createMoltbook } from "./endpoints.ts";
import { CALLS, type Things } from "./endpoints/testing.ts";
import { failureOf } from "./failures.ts";
import { openScreen, TEST_KEY } from "./testing.ts";

const NAMES = [
  "agent",
  "stranger",
  "submolt",
  "ownSubmolt",
  "post",
  "ownPost",
  "keptPost",
  "ownComment",
  "conversation",
  "request",
  "code",
  "answer",
];
const THINGS = Object.fromEntries(NAMES.map((name) => [name, name])) as Things;

/** A client whose every request is answered with `answer`. */
function answering(answer: Response, filter = openScreen): Moltbook {
  const fetch = Object.assign(() => Promise.resolve(answer), { preconnect: () => {} });
  return createMoltbook({ baseUrl: "http://127.0.0.1:9/api/v1", apiKey: TEST_KEY, screen: filter, fetch });
}

async function outcomeOf(call: Promise<unknown>): Promise<"answered" | "failed" | { broke: unknown }> {
  try {
    await call;
    return "answered";
  } catch (error) {
    return failureOf(error) ? "failed" : { broke: error };
  }
}

/** Keys that the shapes look for, so that arbitrary objects get somewhere. */
const KEYS =
  "id name data error hint success message messages post posts comment comments content author agent items requests count conversations conversation_id status verification verification_code challenge_text expires_at has_more next_cursor your_account labels roles moderators submolt results type retry_after_seconds reset_at";
const key = fc.constantFrom(...KEYS.split(" "));
const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.oneof(fc.jsonValue({ maxDepth: 1 }), fc.constantFrom("c1", "general", "2026-03-07T19:40:16Z", "12", "pending", 7, true)),
    fc.dictionary(key, tie("tree"), { maxKeys: 8 }),
    fc.array(tie("tree"), { maxLength: 4 }),
  ),
}));

const statuses = fc.constantFrom(200, 201, 400, 401, 403, 404, 408, 409, 410, 422, 429, 500, 503);

test.each(Object.entries(CALLS))("%s answers or fails with a typed failure, whatever JSON comes", async (_, call) => {
  await fc.assert(
    fc.asyncProperty(tree, statuses, fc.boolean(), async (body, status, isFiltered) => {
      const outcome = await outcomeOf(call(answering(Response.json(body, { status }), isFiltered ? screen : openScreen), THINGS));
      expect(outcome).toBeOneOf(status < 400 ? ["answered", "failed"] : ["failed"]);
    }),
    { numRuns: 60 },
  );
});

test("a body that is no JSON, in whatever type and with whatever headers, is a typed failure", async () => {
  const header = fc.constantFrom("retry-after", "x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset", "content-type");
  const value = fc.oneof(
    fc.constantFrom("application/json", "text/html", "-1", "1e99", "NaN", "Sat, 99 Foo"),
    fc.string({ maxLength: 20 }),
  );
  const latin = value.map((words) => words.replace(/[^\x20-\x7e]/g, ""));
  await fc.assert(
    fc.asyncProperty(fc.uint8Array(), fc.dictionary(header, latin), statuses, async (bytes, headers, status) => {
      const outcome = await outcomeOf(CALLS.post(answering(new Response(bytes, { status, headers })), THINGS));
      expect(outcome).toBe("failed");
    }),
    { numRuns: 300 },
  );
});
