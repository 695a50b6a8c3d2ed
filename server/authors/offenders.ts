import { config } from "../config.ts";
import type { Exposure } from "../filter/schema.ts";
import { BLOCKED_AUTHOR, FLAGGED_BEFORE } from "../filter/verdict.ts";
import { describe, log } from "../log.ts";
import { platformMode } from "../moltbook/modes.ts";
import type { Principal } from "../tokens/queries.ts";
import { blockAuthors, hoursFromNow } from "./block.ts";
import { listOffenders } from "./queries.ts";

/**
 * Blocks the authors of what was flagged in a call, once enough different posts and comments of theirs have been (AUTHOR_BLOCK_THRESHOLD), for
 * AUTHOR_BLOCK_DURATION_HOURS. To be called when the call is on record. Asks the database nothing if nothing was flagged. Never throws: the next
 * flagged item asks again.
 */
export async function blockOffenders(principal: Principal, exposures: Exposure[]): Promise<void> {
  const authors = new Set(exposures.filter(counts).flatMap(({ author }) => author ?? []));
  if (authors.size === 0) return;
  const owner = { agent_id: principal.agent_id, mode: platformMode(principal) };
  const { threshold, hours } = config.authorBlock;
  try {
    const offenders = await listOffenders(owner, [...authors], threshold);
    const blocks = offenders.map(({ author, flagged }) => ({
      author,
      reason: `${flagged} flagged posts or comments`,
      source: "automatic" as const,
      actor: "filter",
      flagCount: flagged,
      blockedAt: null,
      expiresAt: hoursFromNow(hours),
    }));
    await blockAuthors(owner, blocks);
  } catch (error) {
    log.error("author.not_blocked", { run: principal.run_id, ...describe(error) });
  }
}

/** Only posts and comments have one author, for certain, who chose to publish them. */
function counts({ kind, itemId, verdict }: Exposure): boolean {
  const isFlagged = verdict.band === "redact" || verdict.band === "withhold";
  return (
    isFlagged &&
    verdict.reason !== BLOCKED_AUTHOR &&
    verdict.reason !== FLAGGED_BEFORE &&
    itemId !== null &&
    (kind === "post" || kind === "comment")
  );
}
