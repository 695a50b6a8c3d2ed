import { appendFile } from "node:fs/promises";

import { config } from "../config.ts";
import { describe, log } from "../log.ts";

type Entry = {
  id: string;
  agentId: string;
  runId?: string | null;
  callId?: string | null;
  type: string;
  severity: string;
  title: string;
  detail?: Record<string, unknown>;
};

/** Appends a security event to the file at SECURITY_LOG_PATH, one JSON object a line, for other programs to follow. The database has it in any case. */
export async function appendSecurityLog({ id, agentId, runId, callId, type, severity, title, detail }: Entry): Promise<void> {
  if (!config.securityLogPath) return;
  const line = {
    timestamp: new Date().toISOString(),
    event: type,
    severity,
    title,
    id,
    agent_id: agentId,
    run_id: runId ?? null,
    call_id: callId ?? null,
    ...detail,
  };
  await appendFile(config.securityLogPath, `${JSON.stringify(line)}\n`, { mode: 0o600 }).catch((error: unknown) =>
    log.error("security_log.not_written", { path: config.securityLogPath, ...describe(error) }),
  );
}
