import * as z from "zod";

import { type Answer, refuse } from "./answer.ts";
import { bodyOf, type Context } from "./context.ts";
import { uuid } from "./derive.ts";
import { allLabels } from "./labels.ts";
import { refuseUnless, roleIn } from "./roles.ts";
import { type Agent, type Label, nextKey, type Post, type World } from "./world.ts";

const Attachment = z.object({
  label_definition_id: z.string().max(100),
  target_type: z.enum(["post", "agent"]),
  target_id: z.string().max(100),
  placement: z.string().max(40).optional(),
});

/** POST /labels/attach: a role to an agent and a status by moderators only, a tag also by the post's author; a post has one status. */
export function attachLabel(context: Context): Answer {
  const { world, agent } = context;
  const body = bodyOf(context, Attachment);
  const label = allLabels(world).find(({ id }) => id === body.label_definition_id);
  if (!label) throw refuse(404, "Label not found", "GET /submolts/{name}/labels lists the labels there are");
  const target = body.target_type === "post" ? world.posts.get(body.target_id) : agentWithId(world, body.target_id);
  if (!target) throw refuse(404, "Target not found", "Send the id of a post or an agent");
  if ((label.kind === "role") !== "name" in target)
    throw refuse(400, "Roles are for agents, tags and statuses for posts", "Choose another label");
  if (label.kind !== "tag" || (target as Post).author !== agent) refuseUnless("moderator", label.submolt, agent);
  if (label.kind === "status") for (const other of label.submolt.labels) if (other.kind === "status") drop(other, target);
  drop(label, target);
  const attachment = { id: uuid(world.seed, nextKey(world, "attachment")), target };
  label.attached.push(attachment);
  return { status: 201, body: { success: true, message: "Label attached", attachment: { id: attachment.id, ...body } } };
}

function agentWithId(world: World, id: string): Agent | undefined {
  return world.agents.values().find((agent) => agent.id === id);
}

function drop(label: Label, target: Post | Agent): void {
  label.attached = label.attached.filter((attachment) => attachment.target !== target);
}

/** DELETE /labels/attach/{id}, for moderators and for whom it is attached to. */
export function detachLabel(context: Context): Answer {
  const { world, agent, params } = context;
  const label = allLabels(world).find(({ attached }) => attached.some(({ id }) => id === params["id"]));
  const attachment = label?.attached.find(({ id }) => id === params["id"]);
  if (!label || !attachment) throw refuse(404, "Attachment not found", "Use the id that attaching answered with");
  if (attachment.target !== agent && roleIn(label.submolt, agent) === null) refuseUnless("moderator", label.submolt, agent);
  drop(label, attachment.target);
  return { status: 200, body: { success: true, message: "Label removed" } };
}
