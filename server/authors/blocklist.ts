import type { Owner } from "../account/queries.ts";
import { onChange } from "../live.ts";
import { describe, log } from "../log.ts";
import { handleOf } from "./handle.ts";
import { listActiveBlocks, listOwnNames, listSuspects } from "./queries.ts";

/** What an agent may read of whom, as one process knows it without asking. Names are taken as Moltbook spells them. */
export type Trust = {
  /** Nothing of theirs. */
  isBlocked: (author: string) => boolean;
  /** Nothing that the filter would mark: other posts or comments of theirs were redacted or withheld within the last 30 days. */
  isSuspect: (author: string) => boolean;
};
export type Blocklist = Trust & { stop: () => void };

/** How old the list may be where a notification was lost. */
const REFRESH_MS = 60_000;

/**
 * The block list of an agent, and whom it has reason to suspect, kept up to date: read again on every change that any process makes, and once a minute in any case. While the
 * database is away it stays as it was. The agent itself is never blocked. Throws when the list cannot be read at first.
 */
export async function openBlocklist(owner: Owner): Promise<Blocklist> {
  let ends = new Map<string, number>();
  let suspects = new Set<string>();
  let own = new Set<string>();
  let asked = 0;
  let known = 0;

  const read = async () => {
    asked += 1;
    const turn = asked;
    const [blocks, names, flagged] = await Promise.all([listActiveBlocks(owner), listOwnNames(owner), listSuspects(owner)]);
    // An answer that was overtaken by a later one is old.
    if (turn < known) return;
    known = turn;
    ends = new Map(blocks.map(({ handle, expires_at }) => [handle, expires_at === null ? Infinity : Date.parse(expires_at)]));
    own = new Set(names);
    suspects = new Set(flagged.map(handleOf));
  };
  const refresh = () => void read().catch((error: unknown) => log.warn("blocklist.not_read", describe(error)));

  const stopListening = await onChange(({ table }) => {
    if (table === "blocked_authors" || table === null) refresh();
  });
  await read();
  const timer = setInterval(refresh, REFRESH_MS);
  timer.unref();
  return {
    isBlocked: (author) => ends.size > 0 && !own.has(author.toLowerCase()) && (ends.get(handleOf(author)) ?? 0) > Date.now(),
    isSuspect: (author) => suspects.size > 0 && !own.has(author.toLowerCase()) && suspects.has(handleOf(author)),
    stop() {
      clearInterval(timer);
      stopListening();
    },
  };
}
