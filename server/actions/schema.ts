import * as z from "zod";

import { AgentName, DateFilter, PageQuery, Search } from "../paging.ts";

export const ActionType = z.enum([
  "browsed",
  "upvoted",
  "downvoted",
  "unvoted",
  "commented",
  "replied",
  "posted",
  "subscribed",
  "unsubscribed",
  "welcomed",
  "checked_status",
  "checked_submolts",
  "followed",
  "unfollowed",
  "deleted",
  "searched",
  "verified",
  "registered",
  "proposed_identity",
  "updated_profile",
  "created_submolt",
  "updated_submolt",
  "pinned",
  "unpinned",
  "reported",
  "messaged",
  "read_messages",
  "marked_read",
  "set_up_owner_email",
]);
export type ActionType = z.infer<typeof ActionType>;

/** Something that an agent did. `witnessed`: our server carried it out. `claimed`: only the agent says so. */
export const Action = z.object({
  id: z.uuid(),
  agent_id: z.uuid(),
  run_id: z.uuid(),
  call_id: z.uuid().nullable(),
  mode: z.enum(["real", "dry_run", "sandbox"]),
  source: z.enum(["witnessed", "claimed"]),
  type: ActionType,
  status: z.enum(["done", "pending_verification", "failed", "unknown"]),
  target_kind: z.enum(["post", "comment", "agent", "submolt", "prompt", "account", "conversation"]).nullable(),
  target_id: z.string().nullable(),
  target_title: z.string().nullable(),
  target_author: z.string().nullable(),
  submolt: z.string().nullable(),
  detail: z.string().nullable(),
  created_at: z.iso.datetime(),
});
export type Action = z.infer<typeof Action>;

/** `search` looks into the title and the author of what was acted on, and into the detail. */
export const ActionFilter = PageQuery.extend({
  search: Search.optional(),
  action_type: ActionType.optional(),
  status: Action.shape.status.optional(),
  source: Action.shape.source.optional(),
  agent_name: AgentName.optional(),
  mode: Action.shape.mode.optional(),
  run_id: z.uuid().optional(),
  ...DateFilter,
});
export type ActionFilter = z.infer<typeof ActionFilter>;
