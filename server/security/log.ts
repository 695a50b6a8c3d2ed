import { closeSync, fstatSync, openSync, renameSync, statSync, writeSync } from "node:fs";

import { config } from "../config.ts";
import { doAlone } from "../instances/queries.ts";
import { describe, log } from "../log.ts";
import { redact } from "../redact.ts";

type Entry = {
  id: string;
  agentId: string;
  runId?: string | null;
  callId?: string | null;
  type: string;
  severity: string;
  title: string;
  detail?: Record<string, unknown>;
  riskScore?: number | null;
  author?: string | null;
  sourceIp?: string | null;
  postId?: string | null;
};

/** A file is rotated when it has so many bytes, and so many rotated ones are kept: FILE.1, the newest, to FILE.3. */
const FULL = 5 * 1024 * 1024;
const KEPT = 3;

/**
 * Appends a security event to the file at SECURITY_LOG_PATH, one JSON object a line, redacted, for other programs to follow. The database has it in any
 * case, so that a file which cannot be written is only logged. Any number of processes may append: a line is one write at the file's end.
 */
export async function appendSecurityLog({ id, agentId, type, severity, title, detail, ...entry }: Entry): Promise<void> {
  const path = config.securityLogPath;
  if (!path) return;
  const line = {
    ...detail,
    timestamp: new Date().toISOString(),
    event: type,
    severity,
    title,
    id,
    agent_id: agentId,
    run_id: entry.runId ?? null,
    call_id: entry.callId ?? null,
    risk_score: entry.riskScore ?? undefined,
    author: entry.author ?? undefined,
    source_ip: entry.sourceIp ?? undefined,
    post_id: entry.postId ?? undefined,
  };
  try {
    const size = append(path, `${JSON.stringify(redact(line))}\n`);
    // Whoever comes while it is being rotated goes on in the old file.
    if (size >= FULL) await doAlone("security_log", () => rotate(path));
  } catch (error) {
    log.error("security_log.not_written", { path, ...describe(error) });
  }
}

/** The file is opened anew for each line, so that nobody goes on writing into one that was rotated away. Answers its size. */
function append(path: string, line: string): number {
  const file = openSync(path, "a", 0o600);
  try {
    writeSync(file, line);
    return fstatSync(file).size;
  } finally {
    closeSync(file);
  }
}

/** From the oldest on, so that one who is interrupted leaves a gap and loses nothing. */
function rotate(path: string): void {
  // Another process may just have done it.
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) < FULL) return;
  for (let number = KEPT; number > 0; number -= 1) {
    const from = number === 1 ? path : `${path}.${number - 1}`;
    if (statSync(from, { throwIfNoEntry: false })) renameSync(from, `${path}.${number}`);
  }
}
