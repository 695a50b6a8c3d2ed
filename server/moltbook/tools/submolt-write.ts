import * as z from "zod";

import { AppError } from "../../errors.ts";
import type { ToolAnswer, ToolContext } from "../../tool.ts";
import { defineTool } from "../../tool.ts";
import type { Answer, CallOptions } from "../client.ts";
import { moltbook } from "../connection.ts";
import { create } from "../create.ts";
import { ItemId, SubmoltName, WRITE, Written } from "../schema.ts";
import type { Done } from "../shapes/outcomes.ts";
import { write } from "../write.ts";

const Color = z.string().regex(/^#[0-9A-Fa-f]{6}$/, 'A colour such as "#0e7490".');

const Input = z.strictObject({
  action: z.enum(["create", "update", "pin", "unpin", "report"]),
  submolt_name: SubmoltName.optional(),
  display_name: z.string().trim().min(1).max(50).optional(),
  description: z.string().trim().max(500).optional(),
  banner_color: Color.optional(),
  theme_color: Color.optional(),
  allow_crypto: z.boolean().optional(),
  post_id: ItemId.optional(),
  reason: z.string().trim().min(3).max(300).optional(),
});
type Input = z.infer<typeof Input>;

const manageSubmolt = defineTool({
  name: "moltbook_manage_submolt",
  title: "Create or keep a submolt",
  description:
    "Create a submolt (its challenge expires after 30 seconds), change one that you moderate, pin or unpin a post in it, or report a post.",
  input: Input,
  output: Written.extend({ done: z.string().optional() }),
  annotations: WRITE,
  run(args, context) {
    switch (args.action) {
      case "create":
        return createSubmolt(args, context);
      case "update":
        return updateSubmolt(args, context);
      default:
        return moderate(args, args.action, context);
    }
  },
});

function createSubmolt(args: Input, context: ToolContext): Promise<ToolAnswer<Written>> {
  const { display_name: displayName, description, allow_crypto: allowCrypto } = args;
  const name = needed(args, "submolt_name");
  if (!/^[a-z0-9-]{2,30}$/.test(name)) throw new AppError("invalid", "A new submolt's name has 2 to 30 small letters, digits or hyphens.");
  return create(context, {
    tool: "moltbook_manage_submolt",
    args,
    classes: ["submolt", "write"],
    writing: { kind: "submolt", place: name, title: displayName ?? name, content: description ?? null },
    action: { type: "created_submolt", target_kind: "submolt", target_title: displayName ?? name, submolt: name },
    send: (options) => moltbook().createSubmolt({ name, displayName: displayName ?? name, description, allowCrypto }, options),
  });
}

function updateSubmolt(args: Input, context: ToolContext): Promise<ToolAnswer<Written & { done: string }>> {
  const { description, banner_color: bannerColor, theme_color: themeColor } = args;
  const name = needed(args, "submolt_name");
  if (description === undefined && bannerColor === undefined && themeColor === undefined)
    throw new AppError("invalid", "Give the description or a colour that you want to change.");
  return kept(args, context, {
    subject: `settings ${name}`,
    action: { type: "updated_submolt", target_kind: "submolt", target_id: name, submolt: name },
    id: name,
    send: (options) => moltbook().updateSubmolt(name, { description, bannerColor, themeColor }, options),
  });
}

function moderate(args: Input, action: "pin" | "unpin" | "report", context: ToolContext): Promise<ToolAnswer<Written & { done: string }>> {
  const id = needed(args, "post_id");
  const reason = action === "report" ? needed(args, "reason") : "";
  return kept(args, context, {
    subject: action === "report" ? `report ${id}` : `pin ${id}`,
    action: { type: MODERATED[action], target_kind: "post", target_id: id, detail: reason || null },
    id,
    send: (options) => (action === "report" ? moltbook().report(id, reason, options) : moltbook().pin(id, action === "pin", options)),
  });
}

const MODERATED = { pin: "pinned", unpin: "unpinned", report: "reported" } as const;

type Kept = {
  subject: string;
  action: Parameters<typeof write>[1]["action"];
  id: string;
  send: (options: CallOptions) => Promise<Answer<Done>>;
};

function kept(args: Input, context: ToolContext, { subject, action, id, send }: Kept): Promise<ToolAnswer<Written & { done: string }>> {
  return write<Done, Written & { done: string }>(context, {
    tool: "moltbook_manage_submolt",
    args,
    subject,
    classes: ["write"],
    creates: true,
    action,
    send,
    rehearse: () => ({ action: null, message: null, count: null }),
    settle: async () => ({ data: { id, status: "published", challenge: null, done: args.action } }),
  });
}

function needed(args: Input, key: "submolt_name" | "post_id" | "reason"): string {
  const value = args[key];
  if (value === undefined) throw new AppError("invalid", `To ${args.action}, give ${key} too.`);
  return value;
}

export const submoltWriteTools = [manageSubmolt];
