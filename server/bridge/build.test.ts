import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { initialize, openMcp, say, startBridge, TOKEN, toolCall } from "./testing.ts";

/** What `bun run build:bridge` makes, into a folder of our own. */
const ROOT = join(import.meta.dir, "..", "..");
const folder = mkdtempSync(join(tmpdir(), "bridge-"));
const program = join(folder, "moltbot-bridge");

beforeAll(() => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { scripts: Record<string, string> };
  const [, ...args] = (scripts["build:bridge"] ?? "").replace("dist/moltbot-bridge", program).split(" ");
  const built = Bun.spawnSync([process.execPath, ...args], { cwd: ROOT, stdio: ["ignore", "ignore", "pipe"] });
  if (!built.success) throw new Error(built.stderr.toString());
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

test("the compiled bridge works like the other, and exits with 0 when stdin ends", async () => {
  await using server = openMcp();
  await using bridge = startBridge(server.url, { command: [program], args: ["--ignore-tool", "big"] });
  await bridge.send(initialize(1), toolCall(2, "echo", { text: "hello" }), toolCall(3, "big"));
  expect(await bridge.answer(1)).toMatchObject({ result: { protocolVersion: "2025-06-18" } });
  expect(await bridge.answer(2)).toMatchObject({ result: say("hello") });
  expect(await bridge.answer(3)).toMatchObject({ error: { code: -32602 } });
  bridge.end();
  expect(await bridge.exited()).toBe(0);
});

test("neither settings nor code of the folder in which it is started reach it", async () => {
  await using server = openMcp();
  writeFileSync(join(folder, ".env"), `MCP_AUTH_TOKEN=${TOKEN}\n`);
  writeFileSync(join(folder, "bunfig.toml"), 'preload = ["./evil.ts"]\n');
  writeFileSync(join(folder, "evil.ts"), "console.log('evil')\n");
  await using bridge = startBridge(server.url, { command: [program], args: ["--check"], cwd: folder, token: null });
  expect(await bridge.exited()).toBe(1);
  expect(bridge.out[1]).toContain("HTTP 401");
  expect(bridge.out.join()).not.toContain("evil");
});
