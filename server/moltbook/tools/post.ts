import * as z from "zod";

import { AppError } from "../../errors.ts";
import type { ToolContext } from "../../tool.ts";
import { defineTool } from "../../tool.ts";
import { moltbook } from "../connection.ts";
import { recalled, seenOf } from "../dealings.ts";
import { CommentDigest, commentOf, fullOf, threadOf } from "../digest.ts";
import { reading } from "../governor.ts";
import { findMemory, recordSeen } from "../queries.ts";
import { DRY, rehearsed, rehearsedComments, rehearsedPosts } from "../rehearsal/rehearsal.ts";
import { ItemId, READ } from "../schema.ts";
import { Cursor, Paging, partOf } from "./page.ts";

export const getPost = defineTool({
  name: "moltbook_get_post",
  title: "Read a post",
  description: "A whole post, and its comments in reading order. With a cursor only further comments.",
  input: z.strictObject({
    post_id: ItemId,
    comment_sort: z.enum(["best", "new", "old"]).default("best"),
    cursor: Cursor,
  }),
  output: z.object({ post: z.looseObject({ id: z.string() }).optional(), comments: z.array(CommentDigest), ...Paging }),
  annotations: READ,
  async run({ post_id, comment_sort, cursor: place }, context) {
    // The best go first unless something else is asked for; the open-source server has another word for them.
    const sort = comment_sort === "best" ? undefined : comment_sort;
    const { principal } = context;
    const opened = place ? null : await open(post_id, context);
    context.progress(1, 2, "The post is here; its comments come next.");
    const thread = await threadOfPost(post_id, { sort, cursor: place?.cursor }, context);
    const [post] = opened ? await recalled(principal, [fullOf(opened.data)], () => "post") : [];
    const { items: comments, ...paging } = await partOf({
      page: { items: threadOf(thread.data.items), next: thread.data.next },
      withheld: thread.withheld,
      place,
      id: ({ id }) => id,
      show: (found) => recalled(principal, found.map(commentOf), () => "comment"),
      beside: { post },
    });
    // The count that the next look is compared with is the one that was told here.
    const read = post ? seenOf([post], () => "post").map((seen) => ({ ...seen, comments: post.comments ?? null })) : [];
    await recordSeen(principal, [...read, ...seenOf(comments, () => "comment")]);
    const known = post ?? (await findMemory(principal, { kind: "post", id: post_id }));
    const withheld = (opened?.withheld ?? 0) + paging.withheld;
    return {
      ...thread,
      upstream: opened ? { ...thread.upstream, path: opened.upstream.path } : thread.upstream,
      data: { ...(post ? { post } : {}), comments, ...paging, withheld },
      exposures: [...(opened?.exposures ?? []), ...thread.exposures],
      withheld,
      actions: [
        {
          type: "browsed" as const,
          target_kind: "post" as const,
          target_id: post_id,
          target_title: known?.title || null,
          target_author: known?.author ?? null,
          submolt: post?.submolt ?? null,
        },
      ],
    };
  },
});

/** The post; one that a dry run would have written is not on Moltbook. */
async function open(id: string, context: ToolContext) {
  if (!id.startsWith(DRY)) return reading(context, (options) => moltbook().post(id, options));
  const post = (await rehearsedPosts(context.principal)).find((own) => own.id === id);
  if (!post) throw new AppError("not_found", "There is no such post yet: what you wrote is not visible before its challenge is answered.");
  return rehearsed(post);
}

async function threadOfPost(
  id: string,
  query: { sort: "best" | "new" | "old" | undefined; cursor: string | undefined },
  context: ToolContext,
) {
  const own = query.cursor === undefined ? await rehearsedComments(context.principal, id) : [];
  if (id.startsWith(DRY)) return rehearsed({ items: own, next: null, count: own.length });
  const thread = await reading(context, (options) => moltbook().comments(id, query, options));
  return { ...thread, data: { ...thread.data, items: [...own, ...thread.data.items] } };
}
