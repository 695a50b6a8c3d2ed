import * as z from "zod";

import { AppError } from "../errors.ts";
import { DOCUMENT_NAMES, hostileText } from "./documents.ts";
import { type Faults, SPOILS } from "./faults.ts";
import { DAY, type World } from "./world.ts";

/** What the test or the operator may do to the sandbox from outside the API; every part is optional. */
export const Command = z.strictObject({
  latency_ms: z.int().min(0).max(30_000).optional(),
  slow_body_ms: z.int().min(0).max(30_000).optional(),
  fail: z
    .strictObject({
      next: z.int().min(0).max(1000).optional(),
      every: z.int().min(0).max(1000).optional(),
      status: z.int().min(400).max(599).optional(),
    })
    .optional(),
  drop_next: z.int().min(0).max(1000).optional(),
  drop_every: z.int().min(0).max(1000).optional(),
  spoil: z.strictObject({ next: z.int().min(0).max(1000), as: z.enum(SPOILS) }).optional(),
  missing: z
    .array(z.string().regex(/^(?:\/[a-z-]{1,40}){1,4}$/))
    .max(20)
    .optional(),
  advance_ms: z
    .int()
    .min(0)
    .max(90 * DAY)
    .optional(),
  suspend: z
    .strictObject({
      agent: z.string(),
      until: z.iso.datetime({ offset: true }),
      reason: z.string().max(200).optional(),
      kind: z.enum(["verification", "other"]).optional(),
    })
    .optional(),
  claim: z.strictObject({ agent: z.string() }).optional(),
  created_at: z.strictObject({ agent: z.string(), at: z.iso.datetime({ offset: true }) }).optional(),
  shadow_ban: z.strictObject({ agent: z.string(), on: z.boolean() }).optional(),
  family: z.enum(["live", "oss"]).optional(),
  document: z
    .strictObject({ name: z.enum(DOCUMENT_NAMES), text: z.string().max(400_000).optional(), hostile: z.boolean().optional() })
    .optional(),
});
export type Command = z.input<typeof Command>;

/** Does what the command says. Throws AppError `invalid` for a wrong shape and `not_found` for an agent that nobody knows. */
export function control(world: World, faults: Faults, input: unknown, at: number): Command {
  const parsed = Command.safeParse(input);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new AppError("invalid", `The control command is wrong at ${issue?.path.join(".") || "its top"}: ${issue?.message ?? "invalid"}.`);
  }
  changeWorld(world, parsed.data, at);
  changeFaults(faults, parsed.data);
  return parsed.data;
}

function changeFaults(faults: Faults, command: Command): void {
  faults.latencyMs = command.latency_ms ?? faults.latencyMs;
  faults.slowBodyMs = command.slow_body_ms ?? faults.slowBodyMs;
  faults.failNext = command.fail?.next ?? faults.failNext;
  faults.failEvery = command.fail?.every ?? faults.failEvery;
  faults.failStatus = command.fail?.status ?? faults.failStatus;
  faults.dropNext = command.drop_next ?? faults.dropNext;
  faults.dropEvery = command.drop_every ?? faults.dropEvery;
  faults.spoilNext = command.spoil?.next ?? faults.spoilNext;
  faults.spoilAs = command.spoil?.as ?? faults.spoilAs;
  // "Every third" counts from the moment it is asked for.
  if (command.fail?.every !== undefined) faults.served = 0;
  if (command.drop_every !== undefined) faults.landed = 0;
}

/** The part of a command that a restart must not undo: the clock, what is so of an agent, the family of shapes and what it lacks. */
export function changeWorld(world: World, command: Command, at: number): void {
  if (command.suspend) {
    const { reason = "Suspended by a moderator", kind = "other" } = command.suspend;
    agentNamed(world, command.suspend.agent).suspension = { until: Date.parse(command.suspend.until), kind, reason };
  }
  if (command.claim) agentNamed(world, command.claim.agent).claimedAt = at;
  if (command.created_at) agentNamed(world, command.created_at.agent).createdAt = Date.parse(command.created_at.at);
  if (command.shadow_ban) agentNamed(world, command.shadow_ban.agent).shadowBanned = command.shadow_ban.on;
  if (command.missing) world.missing = command.missing;
  if (command.family) world.family = command.family;
  if (command.document) {
    const { name, text, hostile } = command.document;
    if (hostile) world.documents.set(name, hostileText(name));
    else if (text !== undefined) world.documents.set(name, text);
    else world.documents.delete(name);
  }
  world.clock.offset += command.advance_ms ?? 0;
}

function agentNamed(world: World, name: string): World["operator"] {
  const agent = world.agents.get(name.toLowerCase());
  if (!agent) throw new AppError("not_found", "The sandbox has no agent of that name; GET /agents/profile?name= tells who exists.");
  return agent;
}

/** Whether this command must be in the journal. */
export function changesWorld(command: Command): boolean {
  const { suspend, claim, created_at: created, shadow_ban: ban, missing, family, advance_ms: ahead, document } = command;
  return Boolean(suspend || claim || created || ban || missing || family || ahead || document);
}
