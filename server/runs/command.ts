import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { config } from "../config.ts";
import { describe, log } from "../log.ts";
import { MCP_SERVER } from "./stream.ts";

/** How an agent is started. `folder` is all that it may leave on disk; `cwd` is a part of it, empty but for a canary. */
export type AgentCommand = { argv: string[]; env: Record<string, string>; folder: string; cwd: string };

/** The program that `AGENT_COMMAND` names, or null if it is not installed. `sandbox` is the scripted agent that we bring. */
export function findAgent(command: string): string | null {
  return command === "sandbox" ? process.execPath : Bun.which(command, { PATH: config.path });
}

/**
 * The command line, environment and empty working folder of one run. The token is in the environment only, never in the arguments that
 * every user of the machine can read; nothing else of our environment reaches the agent but what Claude Code needs to reach its model.
 */
export function prepareAgent(
  runId: string,
  command: string,
  program: string,
  mcpUrl: string,
  token: string,
  tools: readonly string[],
): AgentCommand {
  const folder = runFolder(runId);
  for (const part of ["scratch", "home", "tmp"]) mkdirSync(join(folder, part), { recursive: true, mode: 0o700 });
  const cwd = join(folder, "scratch");
  const env = { PATH: config.path, HOME: join(folder, "home"), TMPDIR: join(folder, "tmp"), LANG: "C.UTF-8", MOLTBOT_RUN_TOKEN: token };
  if (command === "sandbox") {
    return {
      argv: [program, join(import.meta.dir, "..", "sandbox", "agent.ts")],
      env: { ...env, MOLTBOT_URL: mcpUrl, MOLTBOT_RUN_ID: runId },
      folder,
      cwd,
    };
  }
  const mcpConfig = join(folder, "mcp.json");
  // Claude Code fills ${…} in from its environment.
  const server = { type: "http", url: mcpUrl, headers: { Authorization: "Bearer ${MOLTBOT_RUN_TOKEN}" } };
  writeFileSync(mcpConfig, JSON.stringify({ mcpServers: { [MCP_SERVER]: server } }), { mode: 0o600 });
  const allowed = tools.map((tool) => `mcp__${MCP_SERVER}__${tool}`).join(",");
  return {
    argv: [
      program,
      "-p",
      "--output-format",
      "stream-json",
      "--verbose",
      "--mcp-config",
      mcpConfig,
      "--strict-mcp-config",
      "--tools",
      "",
      "--allowedTools",
      allowed,
    ],
    env: { ...env, ...config.agentEnv, CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1", DISABLE_AUTOUPDATER: "1" },
    folder,
    cwd,
  };
}

/** Removes what a run left on disk. Its record is in the database, so a folder that resists is no reason to fail. */
export function removeRunFolder(runId: string): void {
  try {
    rmSync(runFolder(runId), { recursive: true, force: true });
  } catch (error) {
    log.warn("run.folder_not_removed", { run: runId, ...describe(error) });
  }
}

export function runFolder(runId: string): string {
  return join(config.dataDir, "runs", runId);
}
