import * as z from "zod";

import { defineTool } from "../../tool.ts";
import { moltbook } from "../connection.ts";
import { CommentDigest, fullOf, PostDigest, seenComment, seenPost, threadOf } from "../digest.ts";
import { guarded } from "../governor.ts";
import { recordSeen } from "../queries.ts";
import { Cursor, ItemId, READ, Withheld } from "../schema.ts";

export const getPost = defineTool({
  name: "moltbook_get_post",
  title: "Read a post",
  description: "One post with a page of its comments in reading order; replies name the comment that they answer.",
  input: z.strictObject({
    post_id: ItemId,
    comment_sort: z.enum(["best", "new", "old"]).default("best"),
    cursor: Cursor.optional(),
  }),
  output: z.object({
    post: PostDigest,
    comments: z.array(CommentDigest),
    comments_omitted: z.int(),
    next_cursor: z.string().nullable(),
    withheld: Withheld,
  }),
  annotations: READ,
  run: ({ post_id, comment_sort: sort, cursor }, { principal, signal }) =>
    guarded(principal, ["read"], async () => {
      const opened = await moltbook().post(post_id, { signal });
      const thread = await moltbook().comments(post_id, { sort, cursor }, { signal });
      const post = fullOf(opened.data);
      const { comments, omitted } = threadOf(thread.data.items);
      await recordSeen(principal, [seenPost(post), ...comments.map(seenComment)]);
      const withheld = opened.withheld + thread.withheld;
      return {
        ...thread,
        upstream: { ...thread.upstream, path: opened.upstream.path },
        data: { post, comments, comments_omitted: omitted, next_cursor: thread.data.next, withheld },
        exposures: [...opened.exposures, ...thread.exposures],
        withheld,
        actions: [
          {
            type: "browsed" as const,
            target_kind: "post" as const,
            target_id: post_id,
            target_title: post.title || null,
            target_author: post.author,
            submolt: post.submolt,
          },
        ],
      };
    }),
});
