import * as z from "zod";

import { type Answer, refuse } from "./answer.ts";
import { bodyOf, type Context } from "./context.ts";
import { uuid } from "./derive.ts";
import { isoDate } from "./quirks.ts";
import { refuseUnless } from "./roles.ts";
import { findSubmolt } from "./submolts.ts";
import { type Agent, type Label, nextKey, type Submolt, type World } from "./world.ts";

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

/** The roles that an agent holds, in all submolts. */
export function rolesOf(world: World, agent: Agent): Label[] {
  return allLabels(world).filter(({ attached }) => attached.some(({ target }) => target === agent));
}

/** All labels of all submolts. */
export function allLabels(world: World): Label[] {
  return world.submolts
    .values()
    .toArray()
    .flatMap((submolt) => submolt.labels);
}
