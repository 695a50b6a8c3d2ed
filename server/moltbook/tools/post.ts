import * as z from "zod";

import { defineTool } from "../../tool.ts";
import { moltbook } from "../connection.ts";
import { recalled, seenOf } from "../dealings.ts";
import { CommentDigest, commentOf, fullOf, threadOf } from "../digest.ts";
import { reading } from "../governor.ts";
import { findMemory, recordSeen } from "../queries.ts";
import { ItemId, READ } from "../schema.ts";
import { Cursor, Paging, partOf } from "./page.ts";

export const getPost = defineTool({
  name: "moltbook_get_post",
  title: "Read a post",
  description:
    "A post as moltbook_browse_feed shows it, but whole, and its comments in reading order. With a cursor only further comments.",
  input: z.strictObject({
    post_id: ItemId,
    comment_sort: z.enum(["best", "new", "old"]).default("best"),
    cursor: Cursor,
  }),
  output: z.object({ post: z.looseObject({ id: z.string() }).optional(), comments: z.array(CommentDigest), ...Paging }),
  annotations: READ,
  async run({ post_id, comment_sort: sort, cursor: place }, context) {
    const { principal } = context;
    const opened = place ? null : await reading(context, (options) => moltbook().post(post_id, options));
    context.progress(1, 2, "The post is here; its comments come next.");
    const thread = await reading(context, (options) => moltbook().comments(post_id, { sort, cursor: place?.cursor }, options));
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
