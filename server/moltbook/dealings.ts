import type { Principal } from "../tokens/queries.ts";
import type { CommentDigest, Find, PostDigest } from "./digest.ts";
import type { Dealing, Seen } from "./queries.ts";
import { listDealings } from "./queries.ts";

type Item = PostDigest | CommentDigest | Find;

/** Whether something is a post or a comment; null for what we keep no memory of. */
export type KindOf<Some> = (item: Some) => "post" | "comment" | null;

/**
 * The items with what the agent had to do with each before, in words that never pass for prose: "yours", "commented",
 * "upvoted:2026-11-20", "new_comments:2" (since it last opened the post).
 */
export async function recalled<Some extends Item>(who: Principal, items: Some[], kindOf: KindOf<Some>): Promise<Some[]> {
  const targets = items.flatMap((item) => {
    const kind = kindOf(item);
    return kind ? [{ kind, id: item.id, author: item.author ?? null }] : [];
  });
  const dealings = await listDealings(who, targets);
  const known = new Map(dealings.map((dealing) => [`${dealing.kind} ${dealing.id}`, dealing]));
  return items.map((item) => {
    const dealing = known.get(`${kindOf(item)} ${item.id}`);
    const you = dealing ? wordsOf(dealing, "comments" in item ? item.comments : undefined) : [];
    return you.length > 0 ? { ...item, you } : item;
  });
}

function wordsOf({ own, vote, voted_on, commented, seen_comments }: Dealing, comments = 0): string[] {
  const fresh = seen_comments === null ? 0 : comments - seen_comments;
  return [
    ...(own ? ["yours"] : []),
    ...(commented ? ["commented"] : []),
    ...(vote ? [`${vote}voted:${voted_on}`] : []),
    ...(fresh > 0 ? [`new_comments:${fresh}`] : []),
  ];
}

/** What to remember of items that are shown. Their number of comments counts only once a post is opened: a list does not show them. */
export function seenOf<Some extends Item>(items: Some[], kindOf: KindOf<Some>): Seen[] {
  return items.flatMap((item) => {
    const kind = kindOf(item);
    const title = kind === "post" && "title" in item ? (item.title ?? null) : null;
    return kind ? [{ kind, id: item.id, title: title || null, author: item.author ?? null, comments: null }] : [];
  });
}
