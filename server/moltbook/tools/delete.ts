import * as z from "zod";

import { AppError } from "../../errors.ts";
import { defineTool } from "../../tool.ts";
import { moltbook } from "../connection.ts";
import { findMemory } from "../queries.ts";
import { AlreadyDone, ItemId, WRITE } from "../schema.ts";
import { write } from "../write.ts";

const remove = defineTool({
  name: "moltbook_delete",
  title: "Delete your own post or comment",
  description: "Delete a post or comment that you wrote yourself. It cannot be brought back.",
  input: z.strictObject({ target_id: ItemId, target_type: z.enum(["post", "comment"]) }),
  output: z.object({ target_id: z.string(), deleted: z.boolean(), already_done: AlreadyDone }),
  annotations: { ...WRITE, destructiveHint: true, idempotentHint: true },
  async run(args, context) {
    const { target_id, target_type } = args;
    const memory = await findMemory(context.principal, { kind: target_type, id: target_id });
    // What somebody else wrote is Moltbook's to refuse too; what we know to be another's is not even asked for.
    if (memory?.author && !memory.own)
      throw new AppError("conflict", "That was written by somebody else. You can delete only what you wrote.");
    return write(context, {
      tool: "moltbook_delete",
      args,
      classes: ["write"],
      action: { type: "deleted", target_kind: target_type, target_id, target_title: memory?.title ?? null },
      send: (options) =>
        target_type === "post" ? moltbook().deletePost(target_id, options) : moltbook().deleteComment(target_id, options),
      rehearse: () => ({ action: null, message: null, count: null }),
      settle: async () => ({ data: { target_id, deleted: true } }),
    });
  },
});

export const deleteTools = [remove];
