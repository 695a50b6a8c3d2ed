import { afterEach, expect, test } from "bun:test";

import type { Sandbox } from "./server.ts";
import { answerTo, clientOf, list, type Reply, sandboxAt, text } from "./testing.ts";

const running: Sandbox[] = [];

afterEach(async () => {
  for (const sandbox of running.splice(0)) await sandbox.stop();
});

/** The operator's agent as the owner of a submolt, beside a stranger with a key. */
async function start() {
  const world = sandboxAt();
  running.push(world.sandbox);
  const { post, sandbox, advance } = world;
  const created = await post("/submolts", { name: "quiet-reef", display_name: "Quiet Reef" });
  await post("/verify", answerTo(sandbox, created));
  const registered = await clientOf(sandbox, null).post("/agents/register", { name: "stranger" });
  sandbox.control({ claim: { agent: "stranger" } });
  const stranger = clientOf(sandbox, text(registered.body["agent"]?.["api_key"]));
  let count = 0;
  async function publish(): Promise<string> {
    const written = await post("/posts", { submolt_name: "quiet-reef", title: `Stone number ${count++}` });
    await post("/verify", answerTo(sandbox, written));
    advance(30 * 60_000);
    return text(written.body["post"]?.["id"]);
  }
  return { ...world, stranger, publish };
}

const statuses = (replies: Reply[]) => replies.map(({ status }) => status);

test("the owner names moderators and takes them off again; nobody else does", async () => {
  const { get, post, send, remove, stranger } = await start();
  const path = "/submolts/quiet-reef/moderators";
  const names = async () =>
    list((await get(path)).body["moderators"]).map((moderator) => `${text(moderator["name"])} ${text(moderator["role"])}`);
  expect(await names()).toEqual(["sandbox_molty owner"]);
  expect((await stranger.post(path, { agent_name: "stranger", role: "moderator" })).status).toBe(403);
  expect((await post(path, { agent_name: "stranger", role: "moderator" })).status).toBe(200);
  expect(await names()).toEqual(["sandbox_molty owner", "stranger moderator"]);
  expect((await stranger.get("/submolts/quiet-reef")).body).toMatchObject({ your_role: "moderator", moderator_actions: expect.any(Array) });
  expect((await stranger.post(path, { agent_name: "clawdine" })).status).toBe(403);
  expect((await send("DELETE", path, { agent_name: "stranger" })).status).toBe(200);
  await post(path, { agent_name: "stranger" });
  expect((await remove(`${path}/stranger`)).status).toBe(200);
  expect(await names()).toEqual(["sandbox_molty owner"]);
});

test("settings are for moderators, in colours that are colours", async () => {
  const { get, patch, stranger } = await start();
  const path = "/submolts/quiet-reef/settings";
  expect((await stranger.patch(path, { description: "Mine now" })).status).toBe(403);
  expect((await patch(path, { banner_color: "red" })).status).toBe(400);
  expect((await patch(path, { description: "Only stones", theme_color: "#0a0a0a" })).status).toBe(200);
  expect((await get("/submolts/quiet-reef")).body["submolt"] as unknown).toMatchObject({
    description: "Only stones",
    theme_color: "#0a0a0a",
    banner_color: null,
  });
});

test("three posts can be pinned in a submolt, and not a fourth", async () => {
  const { post, remove, stranger, publish } = await start();
  const ids = [await publish(), await publish(), await publish(), await publish()];
  expect((await stranger.post(`/posts/${ids[0]}/pin`)).status).toBe(403);
  const pin = async (id: string | undefined) => post(`/posts/${id}/pin`);
  expect(statuses([await pin(ids[0]), await pin(ids[1]), await pin(ids[2]), await pin(ids[3])])).toEqual([200, 200, 200, 400]);
  await remove(`/posts/${ids[0]}/pin`);
  expect((await pin(ids[3])).status).toBe(200);
});

test("moderators make labels and attach them; a post's author attaches tags only; a post has one status", async () => {
  const { get, post, remove, stranger, publish, sandbox } = await start();
  const path = "/submolts/quiet-reef/labels";
  const make = async (key: string, kind: string) =>
    text(
      (await post(path, { key, label: key, color: "teal", kind, prompt: "Count the stones.", cadence_minutes: 60 })).body["label"]?.["id"],
    );
  expect((await stranger.post(path, { key: "x", label: "x", color: "teal", kind: "tag" })).status).toBe(403);
  expect((await post(path, { key: "x", label: "x", color: "beige", kind: "tag" })).status).toBe(400);
  const [role, open, done] = [await make("counter", "role"), await make("open", "status"), await make("done", "status")];
  expect(list((await get(path)).body["labels"]).map((label) => text(label["key"]))).toEqual(["counter", "open", "done"]);
  const id = await publish();
  const attach = (label: string, type: string, target: string) =>
    post("/labels/attach", { label_definition_id: label, target_type: type, target_id: target, placement: "metadata" });
  await attach(open, "post", id);
  await attach(done, "post", id);
  const attached = sandbox.world.submolts.get("quiet-reef")?.labels.map((label) => label.attached.length);
  expect(attached).toEqual([0, 0, 1]);
  expect((await attach(role, "post", id)).status).toBe(400);
  const me = sandbox.world.operator.id;
  const attachment = text((await attach(role, "agent", me)).body["attachment"]?.["id"]);
  const [seen] = list((await get("/submolts/quiet-reef/roles")).body["roles"]);
  expect(seen as unknown).toMatchObject({ key: "counter", holders: [{ agent: { name: "sandbox_molty" }, attachment_id: attachment }] });
  const briefed = async () => list((await get("/home")).body["check_in"]?.["briefings"]).map((briefing) => text(briefing["prompt"]));
  expect(await briefed()).toContain("Count the stones.");
  expect((await stranger.remove(`/labels/attach/${attachment}`)).status).toBe(403);
  expect((await remove(`/labels/attach/${attachment}`)).status).toBe(200);
  expect(await briefed()).not.toContain("Count the stones.");
});

test("a link or an image needs its address, and the type is told", async () => {
  const { post, sandbox, advance } = await start();
  expect((await post("/posts", { submolt_name: "general", title: "No image", type: "image" })).status).toBe(400);
  const image = await post("/posts", { submolt_name: "general", title: "An image", type: "image", url: "https://example.com/reef.png" });
  await post("/verify", answerTo(sandbox, image));
  expect(image.body["post"] as unknown).toMatchObject({ type: "image", url: "https://example.com/reef.png" });
  advance(30 * 60_000);
});

test("a new post is told of the labels that it could carry, and not of roles", async () => {
  const { post } = await start();
  await post("/submolts/quiet-reef/labels", { key: "smooth", label: "Smooth", color: "pink", kind: "tag" });
  await post("/submolts/quiet-reef/labels", { key: "counter", label: "Counter", color: "pink", kind: "role" });
  const { body } = await post("/posts", { submolt_name: "quiet-reef", title: "A stone" });
  expect(list(body["consider_labels"]).map((label) => text(label["key"]))).toEqual(["smooth"]);
});

test("the owner's email takes an address and nothing else", async () => {
  const { post } = await start();
  expect((await post("/agents/me/setup-owner-email", { email: "owner@example.com" })).body).toMatchObject({ success: true });
  expect((await post("/agents/me/setup-owner-email", { email: "no address" })).status).toBe(400);
});
