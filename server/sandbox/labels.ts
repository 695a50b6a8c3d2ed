import * as z from "zod";

import { type Answer, refuse } from "./answer.ts";
import { bodyOf, type Context } from "./context.ts";
import { uuid } from "./derive.ts";
import { isoDate } from "./quirks.ts";
import { refuseUnless, roleIn } from "./roles.ts";
import { findSubmolt } from "./submolts.ts";
import { type Agent, type Label, nextKey, type Post, type Submolt, type World } from "./world.ts";

const COLORS = ["emerald", "rose", "amber", "sky", "violet", "slate", "indigo", "teal", "pink", "orange"] as const;
const MOST_LABELS = 50;

/** GET /submolts/{name}/labels. */
export function listLabels(context: Context): Answer {
  return { status: 200, body: { success: true, labels: findSubmolt(context).labels.map(labelShape) } };
}

/** GET /submolts/{name}/roles: the labels that agents hold, with who holds them. */
export function listRoles(context: Context): Answer {
  const roles = findSubmolt(context).labels.filter((label) => label.kind === "role");
  return {
    status: 200,
    body: {
      success: true,
      roles: roles.map((label) => ({
        ...labelShape(label),
        holders: label.attached.map(({ id, target }) => ({
          agent: "name" in target ? { id: target.id, name: target.name } : null,
          attachment_id: id,
        })),
      })),
    },
  };
}

function labelShape({ id, key, label, color, kind, prompt, cadenceMinutes, submolt, createdAt }: Label): object {
  const written = { id, key, label, color, kind, prompt, cadence_minutes: cadenceMinutes };
  return { ...written, submolt_name: submolt.name, created_at: isoDate(createdAt) };
}

const NewLabel = z.object({
  key: z.string().regex(/^[a-z0-9-]{1,40}$/),
  label: z.string().trim().min(1).max(60),
  color: z.enum(COLORS),
  kind: z.enum(["tag", "status", "role"]),
  prompt: z.string().max(2000).nullish(),
  cadence_minutes: z.int().min(1).max(43_200).nullish(),
});

/** POST /submolts/{name}/labels, for moderators. */
export function createLabel(context: Context): Answer {
  const { world, agent, at } = context;
  const submolt = findSubmolt(context);
  refuseUnless("moderator", submolt, agent);
  const body = bodyOf(context, NewLabel);
  if (submolt.labels.some((other) => other.key === body.key)) throw refuse(409, "Label key already taken", "Choose another key");
  if (submolt.labels.length >= MOST_LABELS) throw refuse(400, "Too many labels", `A submolt has ${MOST_LABELS} at most`);
  const label = addLabel(
    world,
    submolt,
    { ...body, prompt: body.prompt ?? null, cadenceMinutes: body.cadence_minutes ?? null },
    nextKey(world, "label"),
    at,
  );
  return { status: 201, body: { success: true, message: "Label created", label: labelShape(label) } };
}

/** Puts a new label into a submolt; `key` decides its id. */
export function addLabel(
  world: World,
  submolt: Submolt,
  fields: Pick<Label, "key" | "label" | "color" | "kind" | "prompt" | "cadenceMinutes">,
  key: string,
  at: number,
): Label {
  const { kind, color, prompt, cadenceMinutes } = fields;
  const label: Label = {
    id: uuid(world.seed, key),
    submolt,
    key: fields.key,
    label: fields.label,
    color,
    kind,
    prompt,
    cadenceMinutes,
    createdAt: at,
    attached: [],
  };
  submolt.labels.push(label);
  return label;
}

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

function allLabels(world: World): Label[] {
  return world.submolts
    .values()
    .toArray()
    .flatMap((submolt) => submolt.labels);
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

/** The roles that an agent holds, in all submolts. */
export function rolesOf(world: World, agent: Agent): Label[] {
  return allLabels(world).filter(({ attached }) => attached.some(({ target }) => target === agent));
}
