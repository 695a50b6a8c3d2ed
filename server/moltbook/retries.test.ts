import { expect, test } from "bun:test";

import type { Moltbook } from "./endpoints.ts";
import { failureFrom, openDouble, openHangUp, openScreen } from "./testing.ts";

const found = () => Response.json({ success: true, post: { id: "p1", title: "Hello", content: "Words" } });
const fail = (status: number, headers = {}) => Response.json({ error: "boom" }, { status, headers });
const mayRetry = () => Promise.resolve(true);

/** A double that gives these answers one after the other, the last one for ever, and a client that hardly waits between its tries. */
function openSeries(...answers: (() => Response | Promise<Response>)[]) {
  const double = openDouble(() => (answers.length > 1 ? answers.shift() : answers[0])?.() ?? fail(500));
  return { ...double, calm: double.moltbook({ backoffMs: 1 }) };
}

const passing: [string, () => Response, string][] = [
  ["500", () => fail(500), "server_error"],
  ["502", () => fail(502), "server_error"],
  ["503 with a short wait", () => fail(503, { "retry-after": "0" }), "server_error"],
  ["504", () => fail(504), "server_error"],
  ["408", () => fail(408), "server_error"],
  ["429 with a short wait", () => fail(429, { "retry-after": "0" }), "rate_limited"],
];

test.each(passing)("a read that meets %s twice is read at the third try", async (_, answer) => {
  using double = openSeries(answer, answer, found);
  expect((await double.calm.post("p1", { mayRetry })).data.id).toBe("p1");
  expect(double.seen).toHaveLength(3);
});

test.each(passing)("a read that meets %s every time fails after three tries, and says so", async (_, answer, kind) => {
  using double = openSeries(answer);
  const { message, details } = await failureFrom(double.calm.post("p1", { mayRetry }));
  expect(details).toMatchObject({ kind, landed: false, tries: 3 });
  expect(message).toEndWith("Tried 3 times.");
  expect(double.seen).toHaveLength(3);
});

const HALF = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n{"post":';
const WHOLE = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 37\r\n\r\n{"post":{"id":"p1","title":"Hello!"}}';

test("a read whose connection breaks, before its answer or in it, is read at the third try", async () => {
  using server = openHangUp("", HALF, WHOLE);
  expect((await server.moltbook().post("p1", { mayRetry })).data.title).toBe("Hello!");
  expect(server.arrived).toEqual(Array.from({ length: 3 }, () => "GET /api/v1/posts/p1"));
});

test("a read whose connection breaks every time fails after three tries, and says so", async () => {
  using server = openHangUp(HALF);
  const { message, details } = await failureFrom(server.moltbook().post("p1", { mayRetry }));
  expect(details).toMatchObject({ kind: "network", landed: false, tries: 3 });
  expect(message).toEndWith("Tried 3 times.");
  expect(server.arrived).toHaveLength(3);
});

test("a write whose connection breaks is sent once, with leave or without", async () => {
  using server = openHangUp(HALF);
  const call = server.moltbook().comment({ postId: "p1", content: "Words" }, { mayRetry });
  expect((await failureFrom(call)).details).toMatchObject({ kind: "outcome_unknown", landed: null });
  expect(server.arrived).toHaveLength(1);
});

const lasting: [string, () => Response, string][] = [
  ["400", () => fail(400), "invalid"],
  ["401", () => fail(401), "unauthorized"],
  ["401 for a suspension", () => Response.json({ error: "Account suspended" }, { status: 401 }), "suspended"],
  ["403", () => fail(403), "forbidden"],
  ["404", () => fail(404), "not_found"],
  ["429 that does not say for how long", () => fail(429), "rate_limited"],
  ["429 with a long wait", () => fail(429, { "retry-after": "6" }), "rate_limited"],
  ["503 with a long wait", () => fail(503, { "retry-after": "6" }), "server_error"],
  ["a redirect", () => new Response(null, { status: 307, headers: { location: "/elsewhere" } }), "redirect"],
  ["an answer of another shape", () => Response.json({ success: true }), "upstream_shape"],
  ["a page", () => new Response("<p>Hello</p>", { headers: { "content-type": "text/html" } }), "upstream_shape"],
];

test.each(lasting)("a read that meets %s is not tried again", async (_, answer, kind) => {
  using double = openSeries(answer, found);
  const { message, details } = await failureFrom(double.calm.post("p1", { mayRetry }));
  expect(details.kind).toBe(kind as typeof details.kind);
  expect(details.tries).toBeUndefined();
  expect(message).not.toContain("Tried");
  expect(double.seen).toHaveLength(1);
});

test("a read that times out is not tried again", async () => {
  using double = openDouble(() => new Promise<Response>(() => {}));
  const { details } = await failureFrom(double.moltbook({ timeoutMs: 40, backoffMs: 1 }).post("p1", { mayRetry }));
  expect(details.kind).toBe("timeout");
  expect(double.seen).toHaveLength(1);
});

test("a server that nobody reaches is looked for three times", async () => {
  using double = openSeries(found);
  double[Symbol.dispose]();
  const asked: number[] = [];
  const call = double.calm.post("p1", { mayRetry: () => Promise.resolve(asked.push(1) > 0) });
  expect((await failureFrom(call)).details).toMatchObject({ kind: "network", tries: 3 });
  expect(asked).toHaveLength(2);
});

const writes: [string, (moltbook: Moltbook) => Promise<unknown>][] = [
  ["post", (moltbook) => moltbook.createPost({ submolt: "general", title: "Hello" }, { mayRetry })],
  ["comment", (moltbook) => moltbook.comment({ postId: "p1", content: "Words" }, { mayRetry })],
  ["vote", (moltbook) => moltbook.vote({ kind: "post", id: "p1", direction: "up" }, { mayRetry })],
  ["answer to a challenge", (moltbook) => moltbook.verify({ code: "moltbook_verify_1", answer: "1.00" }, { mayRetry })],
  ["delete", (moltbook) => moltbook.deletePost("p1", { mayRetry })],
  ["settings", (moltbook) => moltbook.updateSubmolt("general", { description: "Hello" }, { mayRetry })],
  ["message", (moltbook) => moltbook.dmSend({ conversationId: "d1", message: "Hello", needsHumanInput: false }, { mayRetry })],
  ["decision on a request", (moltbook) => moltbook.dmDecide("d1", "approve", { mayRetry })],
];

test.each(writes)("a write (%s) is never sent twice, whatever it meets", async (_, write) => {
  for (const [, answer] of passing) {
    using double = openSeries(answer, found);
    expect((await failureFrom(write(double.calm))).details.tries).toBeUndefined();
    expect(double.seen).toHaveLength(1);
  }
  const gone = openDouble(found);
  gone[Symbol.dispose]();
  expect((await failureFrom(write(gone.moltbook({ backoffMs: 1 })))).details).toMatchObject({ kind: "network", landed: false });
});

test("a read without leave is sent once", async () => {
  using double = openSeries(() => fail(500), found);
  expect((await failureFrom(double.calm.post("p1"))).details.kind).toBe("server_error");
  expect(double.seen).toHaveLength(1);
});

test("a read whose leave ends is not sent again, and its last failure stands", async () => {
  using double = openSeries(
    () => fail(500),
    () => fail(502),
    found,
  );
  const leaves = [true, false];
  const { details } = await failureFrom(double.calm.post("p1", { mayRetry: () => Promise.resolve(leaves.shift() === true) }));
  expect(details).toMatchObject({ kind: "server_error", status: 502, tries: 2 });
  expect(double.seen).toHaveLength(2);
});

test("Moltbook's own wait is waited for before leave is asked", async () => {
  using double = openSeries(() => fail(429, { "retry-after": "1" }), found);
  const started = performance.now();
  let askedAfter = 0;
  const leave = () => ((askedAfter = performance.now() - started), Promise.resolve(true));
  expect((await double.calm.post("p1", { mayRetry: leave })).data.id).toBe("p1");
  expect(askedAfter).toBeGreaterThanOrEqual(1000);
});

test("a caller who gives up ends the wait for another try", async () => {
  using double = openSeries(() => fail(503, { "retry-after": "5" }), found);
  const stop = new AbortController();
  const { promise: answered, resolve } = Promise.withResolvers<void>();
  const moltbook = double.moltbook({ screen: (value, source) => (resolve(), openScreen(value, source)) });
  const call = failureFrom(moltbook.post("p1", { signal: stop.signal, mayRetry }));
  await answered;
  stop.abort();
  expect((await call).details).toMatchObject({ kind: "server_error", status: 503 });
  expect(double.seen).toHaveLength(1);
});

test("a failure of another kind at a later try counts as what it is", async () => {
  using double = openSeries(
    () => fail(500),
    () => fail(404),
  );
  const { message, details } = await failureFrom(double.calm.post("p1", { mayRetry }));
  expect(details).toMatchObject({ kind: "not_found", tries: 2 });
  expect(message).toEndWith("Tried 2 times.");
});
