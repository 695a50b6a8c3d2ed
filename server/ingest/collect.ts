import { config } from "../config.ts";
import { AppError } from "../errors.ts";
import { describe, log } from "../log.ts";
import { redactText } from "../redact.ts";
import { readAuditLine } from "./audit-line.ts";
import type { Chunk, Read } from "./chunks.ts";
import { chunksOf, readerOf } from "./chunks.ts";
import { readContainerLine } from "./container-line.ts";
import type { LogFile } from "./file.ts";
import { filesOf, openLog } from "./file.ts";
import type { Added, Batch } from "./queries.ts";
import { ensurePartitionsFrom, recordBatch, takeTurn } from "./queries.ts";
import type { Line, LogSource, Tally } from "./schema.ts";

/** Whose log it is, what is written in it, and from when on (Unix time in milliseconds). */
export type Collection = { agentId: string; source: LogSource; since?: number };

const READ: Record<LogSource, (line: string) => Line> = { audit: readAuditLine, container: readContainerLine };

export function newTally(): Tally {
  const counts = { bytes: 0, lines: 0, events: 0, added_events: 0, calls: 0, added_calls: 0, own: 0, unknown: 0, too_long: 0, too_old: 0 };
  return { ...counts, restarted: 0, interrupted: false };
}

/**
 * Records what a log has that is not on record yet, with the files that were rotated away, each from where it was left. Every line is recorded
 * exactly once, however often this is interrupted, and by however many at once. Throws AppError `not_found` if there is no such log.
 */
export async function collectFile(path: string, collection: Collection, tally = newTally()): Promise<Tally> {
  const files = await filesIn(path);
  await using turn = await takeTurn();
  tally.interrupted ||= turn === null;
  if (!turn) return tally;
  for (const each of files) {
    await using file = await openLog(each, collection.source);
    if (file) await follow(file, collection, tally);
  }
  return tally;
}

/** The files of a log, of which there has to be one. Throws AppError `not_found`. */
export async function filesIn(path: string): Promise<string[]> {
  const files = await filesOf(path);
  if (files.length === 0) throw new AppError("not_found", `There is no log ${path}. Check the path.`);
  return files;
}

/** Records what comes from a stream until it ends. What is on record already stays as it is. */
export async function collectStream(stream: ReadableStream<Uint8Array>, collection: Collection, tally = newTally()): Promise<Tally> {
  for await (const chunk of chunksOf(readerOf(stream), true)) {
    const batch = batchOf(chunk, collection, "stream", tally);
    await ensureMonths(batch);
    count(await recordBatch(batch, null, Promise.resolve()), tally);
  }
  return tally;
}

/** Collects our own security log after a heartbeat, which does not fail by it. */
export async function collectSecurityLog(agentId: string): Promise<void> {
  if (!config.securityLogPath || (await filesOf(config.securityLogPath)).length === 0) return;
  await collectFile(config.securityLogPath, { agentId, source: "audit" }).catch((error: unknown) =>
    log.error("log.not_collected", describe(error)),
  );
}

/** Batches on their way at once: while two wait for their commits two are inserted, one on each core of a small machine, and the next one is read. */
const AHEAD = 4;

/** After so many bytes the memory of lines that are recorded is given back: left to itself it grows to several times what is in use. */
const SWEEP = 8 * 1024 * 1024;

/** Records a file from where it was left, batch after batch in the order of the file. */
async function follow(file: LogFile, collection: Collection, tally: Tally): Promise<void> {
  if (file.isRestarted) tally.restarted += 1;
  const { device, inode, path, head } = file;
  let { before, readFrom: readTo } = file;
  let unswept = 0;
  const underWay: { batch: Batch; recorded: Promise<Added | null> }[] = [];
  for await (const chunk of chunksOf(readFrom(file), false)) {
    const batch = batchOf(chunk, collection, "file", tally);
    await ensureMonths(batch);
    if (underWay.length === AHEAD && !count(await underWay.shift()?.recorded, tally)) return;
    const last = underWay.at(-1);
    for (const { batch: earlier } of underWay) leaveOut(batch, earlier);
    readTo += chunk.bytes;
    const recorded = recordBatch(batch, { device, inode, path, head, readTo, before }, last?.recorded ?? Promise.resolve());
    // Awaited above or below, with those before it: what it throws is not unheard until then.
    recorded.catch(() => {});
    underWay.push({ batch, recorded });
    before = { device, inode, head, read_to: String(readTo) };
    unswept += chunk.bytes;
    if (unswept >= SWEEP) {
      Bun.gc(true);
      unswept = 0;
    }
  }
  for (const { recorded } of underWay) count(await recorded, tally);
}

/** Of two equal lines in batches that are on their way at once the second would wait for the first in Postgres, and could be waited for by it in turn. */
function leaveOut(batch: Batch, earlier: Batch): void {
  const newest = earlier.events.reduce((latest, { at }) => Math.max(latest, at), 0);
  if (batch.events.every(({ at }) => at > newest)) return;
  const known = new Set(earlier.events.map(({ fingerprint }) => fingerprint));
  batch.events = batch.events.filter(({ fingerprint }) => !known.has(fingerprint));
}

/** Reads a file on from where it was left. */
export function readFrom({ handle, readFrom: start }: LogFile): Read {
  let position = start;
  return async (into) => {
    const { bytesRead } = await handle.read(into, 0, into.length, position);
    position += bytesRead;
    return bytesRead;
  };
}

/** What the lines of a chunk are, and counts them. */
export function batchOf(chunk: Chunk, { agentId, source, since = 0 }: Collection, from: "file" | "stream", tally: Tally): Batch {
  const batch: Batch = { agentId, source, events: [], calls: [], unknown: new Map() };
  tally.bytes += chunk.bytes;
  if (chunk.cut) tally.too_long += 1;
  for (const text of chunk.lines) {
    if (text.trim() === "") continue;
    tally.lines += 1;
    const line = READ[source](text);
    if (isBefore(line, since)) tally.too_old += 1;
    else if (line.kind === "own") tally.own += 1;
    else if (line.kind === "event") batch.events.push(line.event);
    else if (line.kind === "call") batch.calls.push(line.call);
    else {
      tally.unknown += 1;
      // In a file its place sees to it that a line counts once, in a stream only the moment that it names can.
      keep(batch.unknown, line, from === "stream" ? line.at : null);
    }
  }
  tally.events += batch.events.length;
  tally.calls += batch.calls.length;
  return batch;
}

function isBefore(line: Line, since: number): boolean {
  const at = line.kind === "event" ? line.event.at : line.kind === "call" ? line.call.at : line.kind === "unknown" ? line.at : null;
  return at !== null && at < since;
}

const KEPT = 2_000;

function keep(unknown: Batch["unknown"], { fingerprint, text }: Extract<Line, { kind: "unknown" }>, at: number | null): void {
  const key = `${fingerprint} ${at ?? ""}`;
  const known = unknown.get(key);
  if (known) known.count += 1;
  else {
    const line = redactText(text.slice(0, KEPT + 100)).slice(0, KEPT);
    unknown.set(key, { fingerprint, line, count: 1, at: at === null ? null : new Date(at).toISOString() });
  }
}

/** False if another collector has been in this part of the file meanwhile. */
function count(added: Added | null | undefined, tally: Tally): boolean {
  tally.interrupted ||= !added;
  tally.added_events += added?.events ?? 0;
  tally.added_calls += added?.calls ?? 0;
  return !tally.interrupted;
}

/** The first month that is known to have its partitions, by its beginning. */
let firstMonth = Number.POSITIVE_INFINITY;

async function ensureMonths({ events, calls }: Batch): Promise<void> {
  const first = Math.min(...events.map(({ at }) => at), ...calls.map(({ at }) => at));
  if (first === Number.POSITIVE_INFINITY || first >= firstMonth) return;
  const date = new Date(first);
  const month = Date.UTC(date.getUTCFullYear(), date.getUTCMonth());
  await ensurePartitionsFrom(month);
  firstMonth = month;
}
