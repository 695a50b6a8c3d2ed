import * as z from "zod";

import { defineTool } from "../../tool.ts";
import { moltbook } from "../connection.ts";
import { PostDigest, previewOf, seenPost } from "../digest.ts";
import { guarded } from "../governor.ts";
import { recordSeen } from "../queries.ts";
import { Cursor, READ, SubmoltName, Withheld } from "../schema.ts";

export const browseFeed = defineTool({
  name: "moltbook_browse_feed",
  title: "Browse posts",
  description: "A page of posts, of all of Moltbook or of one submolt. Texts are cut: open a post to read it whole.",
  input: z.strictObject({
    sort: z.enum(["hot", "new", "top", "rising"]).default("hot"),
    limit: z.int().min(1).max(50).default(15),
    submolt: SubmoltName.optional(),
    cursor: Cursor.optional(),
  }),
  output: z.object({ posts: z.array(PostDigest), next_cursor: z.string().nullable(), withheld: Withheld }),
  annotations: READ,
  run: (args, { principal, signal }) =>
    guarded(principal, ["read"], async () => {
      const answer = await moltbook().feed(args, { signal });
      const posts = answer.data.items.map(previewOf);
      await recordSeen(principal, posts.map(seenPost));
      const action = { type: "browsed" as const, submolt: args.submolt ?? null, detail: `${posts.length} posts, sorted by ${args.sort}` };
      return { ...answer, data: { posts, next_cursor: answer.data.next, withheld: answer.withheld }, actions: [action] };
    }),
});
