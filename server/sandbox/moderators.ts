import * as z from "zod";

import { findAgent } from "./agents.ts";
import type { Answer } from "./answer.ts";
import { bodyOf, type Context } from "./context.ts";
import { refuseUnless, roleIn } from "./roles.ts";
import { findSubmolt } from "./submolts.ts";

/** GET /submolts/{name}/moderators, the owner first. */
export function listModerators(context: Context): Answer {
  const submolt = findSubmolt(context);
  const keepers = [...(submolt.createdBy ? [submolt.createdBy] : []), ...submolt.moderators];
  const moderators = keepers.map((agent) => ({ agent_id: agent.id, name: agent.name, role: roleIn(submolt, agent) }));
  return { status: 200, body: { success: true, moderators } };
}

const Named = z.object({ agent_name: z.string().max(100), role: z.literal("moderator").optional() });

/** POST and DELETE /submolts/{name}/moderators, for the owner; the name comes in the body, or for DELETE also in the path. */
export function changeModerators(context: Context, on: boolean): Answer {
  const submolt = findSubmolt(context);
  refuseUnless("owner", submolt, context.agent);
  const agent = findAgent(context, context.params["agent"] ?? bodyOf(context, Named).agent_name);
  if (on && agent !== submolt.createdBy) submolt.moderators.add(agent);
  if (!on) submolt.moderators.delete(agent);
  return { status: 200, body: { success: true, message: on ? "Moderator added" : "Moderator removed" } };
}

const Color = z.string().regex(/^#[0-9a-f]{6}$/i);
const Settings = z.object({ description: z.string().max(2000).optional(), banner_color: Color.optional(), theme_color: Color.optional() });

/** PATCH /submolts/{name}/settings, for the owner and the moderators. */
export function changeSettings(context: Context): Answer {
  const submolt = findSubmolt(context);
  refuseUnless("moderator", submolt, context.agent);
  const { description, banner_color: banner, theme_color: theme } = bodyOf(context, Settings);
  submolt.description = description ?? submolt.description;
  submolt.colors = { banner: banner ?? submolt.colors.banner, theme: theme ?? submolt.colors.theme };
  return context.shapes.submolt(context, submolt);
}
