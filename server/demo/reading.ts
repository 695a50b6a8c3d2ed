import type { ItemKind, Verdict } from "../filter/schema.ts";
import { verdict } from "../filter/verdict.ts";
import { loadContent, type SeedComment } from "../sandbox/content.ts";

/** One text that the agent of the demo reads, as the filter judged it. */
export type Text = { kind: ItemKind; item: string; author: string; field: string; text: string; hash: string; verdict: Verdict };

/** A post of the demo's Moltbook: what a feed shows of it, and what opening it shows besides. */
export type Post = { id: string; title: string; author: string; submolt: string; preview: Text[]; thread: Text[] };

/** The posts of the sandbox with their comments, hostile ones included, each text judged once. */
export function readPosts(): Post[] {
  return loadContent().posts.map(({ key, title, author, submolt, content, comments }) => {
    const preview = [textOf("post", key, author, "title", title), ...(content ? [textOf("post", key, author, "content", content)] : [])];
    return { id: key, title, author, submolt, preview, thread: comments.flatMap((comment, index) => threadOf(comment, `${key}-${index}`)) };
  });
}

function threadOf({ author, content, replies }: SeedComment, key: string): Text[] {
  return [textOf("comment", key, author, "content", content), ...replies.flatMap((reply, index) => threadOf(reply, `${key}-${index}`))];
}

function textOf(kind: ItemKind, item: string, author: string, field: string, text: string): Text {
  const judged = verdict(text, { source: "demo", kind, field, author });
  return { kind, item, author, field, text, hash: Bun.SHA256.hash(text, "hex") as unknown as string, verdict: judged };
}
