import { readFile, rename, writeFile } from "node:fs/promises";

import * as z from "zod";

import type { Owner } from "../account/queries.ts";
import { findAgent } from "../agents/queries.ts";
import { AppError } from "../errors.ts";
import { onChange } from "../live.ts";
import { describe, log } from "../log.ts";
import { lenient, toTime } from "../moltbook/wire.ts";
import { blockAuthors, countBlockable } from "./block.ts";
import type { NewBlock } from "./queries.ts";
import { listActiveBlocks } from "./queries.ts";

const Moment = lenient(toTime);

/** A block list as a file: an object with a member for each blocked author. Times are RFC 3339 or Unix seconds, no `expires_at` is for ever. */
const Blocks = z.record(
  z.string().min(1),
  z.object({
    blocked_at: Moment,
    expires_at: Moment,
    reason: z.string().catch(""),
    flag_count: z.int().min(0).max(1_000_000).catch(0),
  }),
);

/**
 * Blocks the authors in a file of blocked authors; answers how many were new, and how many there are. Names that are blocked already, blocks that
 * have run out and blocks that were lifted since are left as they are, so doing it again changes nothing. Throws AppError `invalid` with the cure.
 */
export async function importBlocks(owner: Owner, path: string, actor: string): Promise<{ added: number; found: number }> {
  const { blocks, found } = await blocksIn(path, actor);
  return { added: (await blockAuthors(owner, blocks)).length, found };
}

/** What `importBlocks` would answer now for the agent of a name, which may not be known yet. Changes nothing, and throws the same. */
export async function previewBlocks(agentName: string, path: string): Promise<{ added: number; found: number }> {
  const { blocks, found } = await blocksIn(path, "preview");
  // Nobody is blocked yet for an agent that would be made.
  const agentId = (await findAgent(agentName))?.id ?? Bun.randomUUIDv7();
  return { added: await countBlockable({ agent_id: agentId, mode: "real" }, blocks, agentName), found };
}

async function blocksIn(path: string, actor: string): Promise<{ blocks: NewBlock[]; found: number }> {
  const entries = Object.entries(parse(await read(path), path));
  const blocks = entries.flatMap(([author, { blocked_at, expires_at, reason, flag_count: flagCount }]) => {
    const blockedAt = new Date(Math.min(blocked_at === null ? Date.now() : Date.parse(blocked_at), Date.now()));
    const expiresAt = expires_at === null ? null : new Date(expires_at);
    const isOver = expiresAt !== null && expiresAt.getTime() <= Date.now();
    const known = { author, reason: reason.trim() || "imported", source: "import" as const, actor, flagCount };
    return isOver ? [] : [{ ...known, blockedAt, expiresAt }];
  });
  return { blocks, found: entries.length };
}

async function read(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new AppError("invalid", `${path} cannot be read (${(error as NodeJS.ErrnoException).code}). Check the path and its permissions.`);
  }
}

function parse(text: string, path: string): z.infer<typeof Blocks> {
  try {
    return Blocks.parse(JSON.parse(text));
  } catch {
    const shape = '{"AUTHOR": {"blocked_at", "expires_at", "reason", "flag_count"}}';
    throw new AppError("invalid", `${path} is no list of blocked authors: it has to be JSON like ${shape}. Nothing was changed.`);
  }
}

/** Writes the blocks in force to a file that only its owner can read, in one step: a reader sees the old list or the new one. Answers their number. */
export async function exportBlocks(owner: Owner, path: string): Promise<number> {
  const blocks = await listActiveBlocks(owner);
  const entries = blocks.map(({ author, reason, flag_count, blocked_at, expires_at }) => [
    author,
    { blocked_at: offset(blocked_at), expires_at: expires_at === null ? null : offset(expires_at), reason, flag_count },
  ]);
  const draft = `${path}.${crypto.randomUUID()}`;
  try {
    await writeFile(draft, `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`, { mode: 0o600 });
    await rename(draft, path);
  } catch (error) {
    throw new AppError(
      "invalid",
      `${path} cannot be written (${(error as NodeJS.ErrnoException).code}). Check the folder and its permissions.`,
    );
  }
  return blocks.length;
}

/** Python read `Z` only from its version 3.11 on. */
function offset(time: string): string {
  return time.replace("Z", "+00:00");
}

/**
 * Keeps a file and the block list the same: reads it now, if it is there, and writes it after each change of the list, whichever process made it.
 * Answers how to stop. Throws AppError `invalid` where the file is there and cannot be read, so that nothing in it is lost.
 */
export async function keepFile(owner: Owner, path: string): Promise<() => Promise<void>> {
  if (await Bun.file(path).exists()) await importBlocks(owner, path, "file");
  let writing = exportBlocks(owner, path);
  await writing;
  const stop = await onChange(({ table }) => {
    if (table !== "blocked_authors" && table !== null) return;
    writing = writing.then(() => exportBlocks(owner, path)).catch(notWritten);
  });
  return async () => {
    stop();
    await writing;
  };
}

function notWritten(error: unknown): number {
  log.error("blocklist.not_written", describe(error));
  return 0;
}
