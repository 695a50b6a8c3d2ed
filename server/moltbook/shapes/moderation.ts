import * as z from "zod";

import { pageOf } from "../envelopes.ts";
import { isRecord, lenient, maybe, name } from "../wire.ts";

/** Someone who keeps a submolt; `role` is "owner" or "moderator" where Moltbook tells it. */
export const Moderator = z.object({ name: z.string(), role: z.string().nullable() });
export type Moderator = z.infer<typeof Moderator>;

const wireModerator = lenient((entry) => (isRecord(entry) ? { ...entry, name: nameIn(entry) } : { name: entry })).pipe(
  z.object({ name, role: maybe.word }),
);

function nameIn(entry: Record<string, unknown>): unknown {
  return entry.name ?? entry.agentName ?? (isRecord(entry.agent) ? entry.agent.name : entry.agent);
}

/** `GET /submolts/{name}/moderators`: names, or objects in one of several spellings. */
export const moderatorsShape = pageOf(wireModerator, "moderators");

/**
 * A label of a submolt: a "tag", a "status", or a "role". The standing instructions of a role (`prompt`, `cadence_minutes`) are left out on
 * purpose: they are a moderator's orders to whoever holds it.
 */
export const Label = z.object({
  id: z.string().nullable(),
  key: z.string().nullable(),
  label: z.string(),
  color: z.string().nullable(),
  kind: z.string().nullable(),
  notice: z.string().optional(),
});
export type Label = z.infer<typeof Label>;

const label = {
  id: maybe.id,
  key: maybe.word,
  label: z.string(),
  color: maybe.word,
  kind: maybe.word,
  moltbot_filter: maybe.notice,
};

const wireLabel = z.object(label).transform(({ moltbot_filter: notice, ...told }): Label => ({ ...told, ...(notice ? { notice } : {}) }));

/** `GET /submolts/{name}/labels`. */
export const labelsShape = pageOf(wireLabel, "labels");

/** A role, and the names of the agents who hold it. */
export const Role = Label.extend({ holders: z.array(z.string()) });
export type Role = z.infer<typeof Role>;

const wireRole = z
  .object({ ...label, holders: lenient(toHolders) })
  .transform(({ moltbot_filter: notice, ...told }): Role => ({ ...told, ...(notice ? { notice } : {}) }));

function toHolders(value: unknown): string[] {
  return (Array.isArray(value) ? value : []).flatMap((holder) => maybe.name.parse(isRecord(holder) ? nameIn(holder) : holder) ?? []);
}

/** `GET /submolts/{name}/roles`. */
export const rolesShape = pageOf(wireRole, "roles");
