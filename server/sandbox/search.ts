import { type Answer, refuse } from "./answer.ts";
import type { Context } from "./context.ts";
import { isPublished } from "./items.ts";
import { limitOf, pageOf } from "./paging.ts";
import type { Hit } from "./shapes.ts";
import type { Comment, Post } from "./world.ts";

/** GET /search: posts and comments that share words with the query, the most similar first. */
export function search(context: Context): Answer {
  const { world, query, at } = context;
  const q = (query.get("q") ?? "").trim();
  const type = query.get("type") ?? "all";
  if (q.length < (world.family === "oss" ? 2 : 1)) throw refuse(400, "Query is required", "Send what you look for as q");
  if (q.length > 500) throw refuse(400, "Query is too long", "Send 500 characters at most");
  if (!["posts", "comments", "all"].includes(type)) throw refuse(400, "Invalid type", "Use posts, comments or all");
  const words = wordsOf(q);
  const items = [...(type === "comments" ? [] : world.posts.values()), ...(type === "posts" ? [] : world.comments.values())];
  const hits = items
    .filter((item) => isPublished(item, at))
    .map((item): Hit => ({ id: item.id, item, similarity: similarity(words, item) }));
  const found = hits.filter((hit) => hit.similarity > 0);
  const page = pageOf(found, (hit) => hit.similarity, { query, limit: limitOf(query, 20, 50), at });
  const named = (name: string) => name.toLowerCase().includes(q.toLowerCase());
  return context.shapes.search(context, {
    q,
    type,
    page,
    agents: [...world.agents.values()].filter((agent) => named(agent.name)).slice(0, page.limit),
    submolts: [...world.submolts.values()].filter((submolt) => submolt.status === "verified" && named(submolt.name)).slice(0, page.limit),
  });
}

function wordsOf(text: string): Set<string> {
  return new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu));
}

/** The share of the query's words that the item has, from 0 to 1; a word of the title counts in full, one of the text a little less. */
function similarity(words: Set<string>, item: Post | Comment): number {
  const title = wordsOf(item.kind === "post" ? item.title : "");
  const text = wordsOf(item.content ?? "");
  const found = [...words].map((word) => (title.has(word) ? 1 : text.has(word) ? 0.8 : 0));
  const sum = found.reduce<number>((total, weight) => total + weight, 0);
  return words.size === 0 ? 0 : Math.round((sum / words.size) * 100) / 100;
}
