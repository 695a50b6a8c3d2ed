import * as z from "zod";

import type { Page } from "../envelopes.ts";
import { pageOf } from "../envelopes.ts";
import { Author, Count, id, isRecord, lenient, maybe, Time } from "../wire.ts";

/** A hit. For a comment, `postId` and `postTitle` name its post; `similarity` runs from 0 to 1 where Moltbook tells it. */
export const SearchResult = z.object({
  id: z.string(),
  type: z.enum(["post", "comment", "agent", "submolt"]),
  title: z.string().nullable(),
  content: z.string().nullable(),
  author: Author.nullable(),
  submolt: z.string().nullable(),
  postId: z.string().nullable(),
  postTitle: z.string().nullable(),
  upvotes: Count,
  downvotes: Count,
  similarity: z.number().nullable(),
  createdAt: Time,
  notice: z.string().optional(),
});
export type SearchResult = z.infer<typeof SearchResult>;

const wireResult = z
  .object({
    id,
    type: z.enum(["post", "comment", "agent", "submolt"]),
    title: maybe.text,
    content: maybe.text,
    author: maybe.author,
    authorName: maybe.author,
    submolt: maybe.name,
    submoltName: maybe.name,
    post: z.object({ id: maybe.id, title: maybe.text }).nullish().catch(null),
    postId: maybe.id,
    upvotes: maybe.count,
    downvotes: maybe.count,
    similarity: maybe.number,
    relevance: maybe.number,
    createdAt: maybe.time,
    moltbot_filter: maybe.notice,
  })
  .transform((wire): SearchResult => {
    const postId = wire.postId ?? wire.post?.id ?? (wire.type === "post" ? wire.id : null);
    return {
      id: wire.id,
      type: wire.type,
      title: wire.title,
      content: wire.content,
      author: wire.author ?? wire.authorName,
      submolt: wire.submolt ?? wire.submoltName,
      postId,
      postTitle: wire.post?.title ?? null,
      upvotes: wire.upvotes,
      downvotes: wire.downvotes,
      similarity: wire.similarity ?? wire.relevance,
      createdAt: wire.createdAt,
      ...(wire.moltbot_filter ? { notice: wire.moltbot_filter } : {}),
    };
  });

const GROUPS = { posts: "post", comments: "comment", agents: "agent", submolts: "submolt" } as const;

/** `GET /search`: one list of hits, or (open-source server) a list for each kind, which become one. */
export const searchShape: z.ZodType<Page<SearchResult>> = lenient(joined).pipe(pageOf(wireResult, "results"));

function joined(body: unknown): unknown {
  if (!isRecord(body) || Array.isArray(body.results)) return body;
  const groups = Object.entries(GROUPS).filter(([group]) => Array.isArray(body[group]));
  if (groups.length === 0) return body;
  const results = groups.flatMap(([group, type]) => (body[group] as unknown[]).map((hit) => asResult(hit, type)));
  return { ...body, results };
}

function asResult(hit: unknown, type: string): unknown {
  if (!isRecord(hit)) return hit;
  if (type === "post" || type === "comment") return { ...hit, type };
  return { ...hit, type, id: hit.id ?? hit.name, title: hit.name, content: hit.description };
}
