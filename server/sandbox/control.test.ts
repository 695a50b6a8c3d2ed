import { afterEach, describe, expect, test } from "bun:test";

import type { Command } from "./control.ts";
import { answerTo, command, smallSandboxes, START, text } from "./testing.ts";

const { start, stopAll } = smallSandboxes();

afterEach(stopAll);

describe("the control", () => {
  test("takes no command without its token, and the agent's key is not the token", async () => {
    const { sandbox } = start();
    for (const token of ["", "wrong", sandbox.apiKey]) expect((await command(sandbox, { latency_ms: 0 }, token)).status).toBe(403);
    expect((await command(sandbox, { latency_ms: 0 })).body).toMatchObject({ success: true, family: "live" });
  });

  test("refuses what it does not know, and changes nothing then", async () => {
    const { sandbox } = start();
    for (const wrong of [{ latency: 5 }, { latency_ms: -1 }, { fail: { next: 1, status: 200 } }, { family: "mastodon" }])
      expect((await command(sandbox, wrong as Command)).status).toBe(422);
    expect((await command(sandbox, { family: "oss", suspend: { agent: "nobody_here", until: START.toISOString() } })).status).toBe(404);
    expect((await command(sandbox, "{broken")).status).toBe(400);
    expect(sandbox.world.family).toBe("live");
  });

  test("moves the clock", async () => {
    const { sandbox } = start();
    const { body } = await command(sandbox, { advance_ms: 90_000 });
    expect(text(body["now"])).toBe(new Date(START.getTime() + 90_000).toISOString());
  });
});

async function outcome(request: Promise<unknown>): Promise<string> {
  return request.then(
    () => "answered",
    () => "broken off",
  );
}

describe("faults", () => {
  test("the next requests fail, with a page instead of JSON from the gateway on", async () => {
    const { get, sandbox } = start();
    await command(sandbox, { fail: { next: 2, status: 500 } });
    expect((await get("/home")).body).toMatchObject({ success: false });
    expect((await get("/home")).status).toBe(500);
    expect((await get("/home")).status).toBe(200);
    await command(sandbox, { fail: { next: 1, status: 502 } });
    const gateway = await get("/home");
    expect(gateway.status).toBe(502);
    expect(gateway.headers.get("content-type")).toContain("text/html");
  });

  test("every third request fails, until it is switched off", async () => {
    const { get, sandbox } = start();
    sandbox.control({ fail: { every: 3, status: 503 } });
    const statuses = [];
    for (let turn = 0; turn < 7; turn++) statuses.push((await get("/agents/me")).status);
    expect(statuses).toEqual([200, 200, 503, 200, 200, 503, 200]);
    sandbox.control({ fail: { every: 0 } });
    for (let turn = 0; turn < 3; turn++) expect((await get("/agents/me")).status).toBe(200);
  });

  test("a failed write has not happened", async () => {
    const { post, sandbox } = start();
    const before = sandbox.world.posts.size;
    sandbox.control({ fail: { next: 1 } });
    expect((await post("/posts", { submolt_name: "general", title: "Lost on the way" })).status).toBe(500);
    expect(sandbox.world.posts.size).toBe(before);
  });

  test("a dropped write has happened, though its client sees a broken connection, and trying again is a duplicate", async () => {
    const { post, sandbox } = start();
    const before = sandbox.world.posts.size;
    sandbox.control({ drop_next: 1 });
    const write = () => post("/posts", { submolt_name: "general", title: "Landed unseen" });
    expect(await outcome(write())).toBe("broken off");
    expect(sandbox.world.posts.size).toBe(before + 1);
    expect((await write()).body).toMatchObject({ error: "Account suspended" });
  });

  test("a refused write and a read use up no drop", async () => {
    const { get, post, sandbox } = start();
    sandbox.control({ drop_next: 1 });
    expect((await get("/home")).status).toBe(200);
    expect((await post("/posts", {})).status).toBe(400);
    expect(await outcome(post("/notifications/read-all"))).toBe("broken off");
    expect(await outcome(post("/notifications/read-all"))).toBe("answered");
  });

  test("a late answer comes late, and the deed is done before it", async () => {
    const { post, sandbox } = start();
    sandbox.control({ latency_ms: 40 });
    const began = performance.now();
    const written = await post("/notifications/read-all");
    expect(performance.now() - began).toBeGreaterThanOrEqual(39);
    expect(written.status).toBe(200);
  });

  test("a suspension lasts until its end, and ends then", async () => {
    const { get, sandbox, advance } = start();
    const until = new Date(START.getTime() + 2 * 3_600_000).toISOString();
    await command(sandbox, { suspend: { agent: "sandbox_molty", until, reason: "Off topic" } });
    expect((await get("/agents/status")).body as unknown).toEqual({
      error: "Account suspended",
      hint: "Your account is suspended: Off topic. Suspension ends in 2 hours.",
    });
    advance(2 * 3_600_000);
    expect((await get("/agents/status")).status).toBe(200);
  });
});

test("a fault does not disturb the verification that follows it", async () => {
  const { post, sandbox } = start();
  const written = await post("/posts", { submolt_name: "general", title: "Steady" });
  sandbox.control({ fail: { next: 1, status: 503 } });
  expect((await post("/verify", answerTo(sandbox, written))).status).toBe(503);
  expect((await post("/verify", answerTo(sandbox, written))).status).toBe(200);
});
