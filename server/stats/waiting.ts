import type { Owner } from "../account/queries.ts";
import { countDocumentsToReview } from "../documents/queries.ts";
import { countNeedsYou } from "../issues/queries.ts";
import type { Waiting } from "./schema.ts";

/** Something that is counted: one of it, several of it, and the count for an account. */
type Kind = Omit<Waiting, "what" | "count"> & { one: string; many: string; count: (owner: Owner) => Promise<number> };

/** What waits for the operator, beside what the state of account, runs and filter tells: a line each, the most urgent first. */
const KINDS: Kind[] = [
  {
    one: "security issue",
    many: "security issues",
    href: "/security?state=needs_you#record",
    why: "High or critical, and open",
    is_urgent: true,
    count: ({ mode }) => countNeedsYou(mode),
  },
  {
    one: "document of Moltbook's to review",
    many: "documents of Moltbook's to review",
    href: "/documents",
    why: "New or changed; runs get the approved ones only",
    is_urgent: false,
    count: countDocumentsToReview,
  },
];

/** What there is of each kind; kinds of which there is nothing are left out. */
export async function listWaiting(owner: Owner): Promise<Waiting[]> {
  const counted = await Promise.all(KINDS.map(async (kind) => ({ ...kind, count: await kind.count(owner) })));
  return counted
    .filter(({ count }) => count > 0)
    .map(({ one, many, count, href, why, is_urgent }) => ({ what: `${count} ${count === 1 ? one : many}`, count, href, why, is_urgent }));
}
