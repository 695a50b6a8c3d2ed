import type { Owner } from "../account/queries.ts";
import { AppError } from "../errors.ts";
import { insertEvent } from "../security/queries.ts";
import type { Severity } from "../security/schema.ts";
import { handleOf } from "./handle.ts";
import type { NewBlock } from "./queries.ts";
import { countNewBlocks, insertBlocks, liftBlock, listOwnNames } from "./queries.ts";
import type { Block } from "./schema.ts";

/** Blocks an author on somebody's word; answers the block's id. Throws AppErrors: `invalid` for the agent itself or what is no name, `conflict` if it is blocked already. */
export async function blockAuthor(owner: Owner, { author, reason, duration_hours: hours }: Block, actor: string): Promise<string> {
  if (handleOf(author) === "") throw new AppError("invalid", "That is no author's name. Copy it from a post or comment of theirs.");
  if ((await listOwnNames(owner)).includes(author.toLowerCase()))
    throw new AppError("invalid", "That is the agent itself, which cannot be blocked.");
  const block: NewBlock = { author, reason, source: "operator", actor, flagCount: 0, blockedAt: null, expiresAt: hoursFromNow(hours) };
  const [blocked] = await blockAuthors(owner, [block]);
  if (!blocked) throw new AppError("conflict", "This author is blocked already. To change its reason or its end, unblock it first.");
  return blocked.id;
}

/** Blocks authors, but never the agent itself, and tells the operator by an event. Answers the new blocks. */
export async function blockAuthors(owner: Owner, blocks: NewBlock[]): Promise<{ id: string; author: string }[]> {
  const others = blockable(blocks, await listOwnNames(owner));
  if (others.length === 0) return [];
  const blocked = await insertBlocks(owner, others);
  const [first] = blocked;
  if (!first) return [];
  const source = others[0]?.source ?? "operator";
  const title = blocked.length === 1 ? `${shown(first.author)} was blocked` : `${blocked.length} authors were blocked`;
  await tell(owner, "author_blocked", source === "automatic" ? "medium" : "info", `${title} (${source})`, blocked);
  return blocked;
}

/** How many authors `blockAuthors` would block now; `name` is the agent's own, should it not be known yet. */
export async function countBlockable(owner: Owner, blocks: NewBlock[], name: string): Promise<number> {
  return countNewBlocks(owner, blockable(blocks, [name.toLowerCase(), ...(await listOwnNames(owner))]));
}

function blockable(blocks: NewBlock[], own: string[]): NewBlock[] {
  return blocks.filter(({ author }) => handleOf(author) !== "" && !own.includes(author.toLowerCase()));
}

/** Lifts a block, by the author's name or the block's id; answers the id. Throws AppError `not_found` if none is in force. */
export async function unblockAuthor(owner: Owner, which: { author: string } | { id: string }, actor: string): Promise<string> {
  const lifted = await liftBlock(owner, which, actor);
  if (!lifted) throw new AppError("not_found", "This author is not blocked, or not any more.");
  await tell(owner, "author_unblocked", "info", `${shown(lifted.author)} was unblocked`, [lifted]);
  return lifted.id;
}

/** When a block of so many hours ends; 0 hours are for ever. */
export function hoursFromNow(hours: number): Date | null {
  return hours > 0 ? new Date(Date.now() + hours * 3_600_000) : null;
}

const MOST_NAMED = 50;

function tell(owner: Owner, type: string, severity: Severity, title: string, blocks: { id: string; author: string }[]): Promise<void> {
  return insertEvent({
    agentId: owner.agent_id,
    mode: owner.mode,
    type,
    severity,
    title,
    detail: { authors: blocks.slice(0, MOST_NAMED).map(({ author }) => author) },
    author: blocks.length === 1 ? (blocks[0]?.author ?? null) : null,
    fingerprint: { blocks: blocks.map(({ id }) => id) },
  });
}

/** A name in a sentence of ours: nothing of it reads like more than a name. */
function shown(author: string): string {
  return author.replaceAll(/[^\p{L}\p{M}\p{N}_.-]/gu, "_").slice(0, 64);
}
