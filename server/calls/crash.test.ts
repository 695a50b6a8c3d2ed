import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { connect, disconnect, sql } from "../../db/client.ts";
import { startEmbedded } from "../../db/embedded.ts";
import { migrate } from "../../db/migrate.ts";
import { findServer } from "../../db/postmaster.ts";
import { ownerUrl } from "../../db/testing.ts";
import { verifyChain } from "../audit/verify.ts";
import { config } from "../config.ts";
import { completeCall, openCall } from "./queries.ts";
import { openRun } from "./testing.ts";

/** A Postgres of its own, to be killed. */
const folder = mkdtempSync(join(tmpdir(), "moltbot-crash-"));
let embedded = await startEmbedded(folder);
await migrate(embedded.url);
await disconnect();
connect(embedded.url);

afterAll(async () => {
  await disconnect();
  await embedded.release();
  rmSync(folder, { recursive: true, force: true });
  connect(ownerUrl());
});

test("a write about to be sent, and what was read before it, outlive a crash of Postgres at that very moment", async () => {
  const { id, agent } = await openRun("survivor");
  const who = { agent_id: agent.id, agent_name: agent.name, run_id: id, mode: config.mode, policy: { tools: [] }, expires_at: "" };
  const principal = { ...who, answer_key: Buffer.alloc(32) };
  const intent = {
    arguments: {},
    requestId: null,
    toolUseId: null,
    clientName: null,
    clientVersion: null,
    era: "modern" as const,
    traceParent: null,
  };
  const read = await openCall(principal, { ...intent, tool: "moltbook_home", isWrite: false });
  const nothing = { error: null, result: {}, withheld: 0, upstream: null, exposures: [], actions: [] };
  await completeCall(principal, read, { ...nothing, outcome: "ok" });
  const write = await openCall(principal, { ...intent, tool: "moltbook_comment", isWrite: true });
  process.kill(findServer(join(folder, "postgres"))?.pid ?? 0, "SIGKILL");

  await disconnect();
  await embedded.release();
  embedded = await startEmbedded(folder);
  connect(embedded.url);
  const calls = await sql`select id, outcome from tool_calls where run_id = ${id} order by id`;
  expect([...calls]).toEqual([
    { id: read, outcome: "ok" },
    { id: write, outcome: null },
  ]);
  expect(await verifyChain()).toMatchObject({ fault: null });
}, 30_000);
