import { afterEach, describe, expect, test } from "bun:test";

import type { Sandbox } from "./server.ts";
import { clientOf, list, smallSandboxes, text } from "./testing.ts";

const { start, stopAll } = smallSandboxes();

afterEach(stopAll);

const ask = (sandbox: Sandbox, path: string, init: RequestInit = {}) =>
  fetch(sandbox.url + path, { redirect: "manual", ...init, headers: { authorization: `Bearer ${sandbox.apiKey}` } });

describe("spoiled answers", () => {
  test("a body breaks off in the middle, though the deed is done", async () => {
    const { sandbox, post } = start();
    sandbox.control({ spoil: { next: 1, as: "cut_body" } });
    const cut = await ask(sandbox, "/posts", { method: "POST", body: JSON.stringify({ submolt_name: "general", title: "Half told" }) });
    expect(cut.status).toBe(201);
    expect(
      await cut.text().then(
        () => "whole",
        () => "broken off",
      ),
    ).toBe("broken off");
    expect([...sandbox.world.posts.values()].some(({ title }) => title === "Half told")).toBe(true);
    expect((await post("/notifications/read-all")).status).toBe(200);
  });

  test("a body is larger than anyone should read, or of a type that it is not", async () => {
    const { sandbox, get } = start();
    sandbox.control({ spoil: { next: 1, as: "huge_body" } });
    expect((await (await ask(sandbox, "/agents/me")).bytes()).length).toBeGreaterThan(11 * 1_048_576);
    sandbox.control({ spoil: { next: 1, as: "wrong_type" } });
    const odd = await ask(sandbox, "/agents/me");
    expect(odd.headers.get("content-type")).toBe("text/html");
    expect(await odd.json()).toMatchObject({ success: true });
    expect((await get("/agents/me")).headers.get("content-type")).toContain("application/json");
  });

  test("a body comes in sixteen pieces that keep their client waiting", async () => {
    const { sandbox, get } = start();
    sandbox.control({ slow_body_ms: 5 });
    const began = performance.now();
    expect((await get("/agents/me")).body).toMatchObject({ success: true });
    expect(performance.now() - began).toBeGreaterThanOrEqual(16 * 4);
  });

  test("a redirect leads nowhere, a captcha stops writes only, and neither lets anything land", async () => {
    const { sandbox, get, post } = start();
    sandbox.control({ spoil: { next: 1, as: "redirect" } });
    const moved = await ask(sandbox, "/agents/me");
    expect([moved.status, new URL(moved.headers.get("location") ?? "").hostname]).toEqual([308, "moltbook.invalid"]);
    sandbox.control({ spoil: { next: 1, as: "captcha" } });
    expect((await get("/agents/me")).status).toBe(200);
    const before = sandbox.world.posts.size;
    const stopped = await post("/posts", { submolt_name: "general", title: "Stopped" });
    expect([stopped.status, text(stopped.body["error"])]).toEqual([403, "captcha_required"]);
    expect(sandbox.world.posts.size).toBe(before);
  });

  test("every second landed write loses its answer, and what is refused does not count", async () => {
    const { sandbox, post } = start();
    sandbox.control({ drop_every: 2 });
    const outcomes: string[] = [];
    for (const path of ["read-all", "nowhere", "read-all", "read-all", "read-all"]) {
      const sent = post(`/notifications/${path}`);
      outcomes.push(
        await sent.then(
          ({ status }) => String(status),
          () => "lost",
        ),
      );
    }
    expect(outcomes).toEqual(["200", "404", "lost", "200", "lost"]);
  });
});

test("what is sent is counted, whether it landed, was refused, or never reached the world", async () => {
  const { sandbox, get, post, advance } = start();
  await post("/posts", { submolt_name: "general", title: "First" });
  advance(1000);
  await post("/posts", { submolt_name: "general", title: "Second" });
  sandbox.control({ fail: { next: 1, status: 503 } });
  await post("/notifications/read-all");
  await get("/home");
  const told = sandbox.traffic.writes.map(({ agent, path, status, landed }) => [agent, path, status, landed]);
  expect(told).toEqual([
    ["sandbox_molty", "/posts", 201, true],
    ["sandbox_molty", "/posts", 429, false],
    ["sandbox_molty", "/notifications/read-all", 503, false],
  ]);
  expect(sandbox.traffic.refused).toBe(1);
  expect((sandbox.traffic.writes[1]?.at ?? 0) - (sandbox.traffic.writes[0]?.at ?? 0)).toBe(1000);
});

test("features come and go", async () => {
  const { sandbox, get } = start();
  sandbox.control({ missing: ["/agents/dm", "/home"] });
  for (const path of ["/agents/dm/check", "/home"])
    expect((await get(path)).body).toMatchObject({ success: false, error: "Endpoint not found" });
  expect((await get("/agents/me")).status).toBe(200);
  sandbox.control({ missing: [] });
  expect((await get("/home")).status).toBe(200);
});

test("content of a shadow-banned agent is published, as it is told, and seen by nobody else", async () => {
  const { sandbox, get, post } = start();
  sandbox.control({ shadow_ban: { agent: "sandbox_molty", on: true }, family: "oss" });
  const written = await post("/posts", { submolt: "general", title: "Into the void", content: "Anyone?" });
  sandbox.control({ family: "live" });
  const path = `/posts/${text(written.body["post"]?.["id"])}`;
  expect((await get(path)).body["post"]).toMatchObject({ verification_status: "verified" });
  const registered = await clientOf(sandbox, null).post("/agents/register", { name: "onlooker" });
  const onlooker = clientOf(sandbox, text(registered.body["agent"]?.["api_key"]));
  expect((await onlooker.get(path)).status).toBe(404);
  for (const client of [{ get }, onlooker]) {
    expect(list((await client.get("/posts?sort=new")).body["posts"]).map((post_) => text(post_["title"]))).not.toContain("Into the void");
    expect(list((await client.get("/search?q=void")).body["results"])).toEqual([]);
  }
});

test("an account that is made young has a young account's limits", async () => {
  const { sandbox, post, advance } = start();
  sandbox.control({ created_at: { agent: "sandbox_molty", at: "2026-11-23T10:00:00Z" } });
  await post("/posts", { submolt_name: "general", title: "Early" });
  advance(31 * 60_000);
  expect((await post("/posts", { submolt_name: "general", title: "Too early" })).body).toMatchObject({
    error: "You can only post once every 2 hours",
  });
});
