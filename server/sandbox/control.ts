import * as z from "zod";

import { AppError } from "../errors.ts";
import type { Faults } from "./faults.ts";
import { DAY, type World } from "./world.ts";

/** What the test or the operator may do to the sandbox from outside the API; every part is optional. */
export const Command = z.strictObject({
  latency_ms: z.int().min(0).max(30_000).optional(),
  fail: z
    .strictObject({
      next: z.int().min(0).max(1000).optional(),
      every: z.int().min(0).max(1000).optional(),
      status: z.int().min(500).max(599).optional(),
    })
    .optional(),
  drop_next: z.int().min(0).max(1000).optional(),
  advance_ms: z
    .int()
    .min(0)
    .max(90 * DAY)
    .optional(),
  suspend: z
    .strictObject({ agent: z.string(), until: z.iso.datetime({ offset: true }), reason: z.string().max(200).optional() })
    .optional(),
  claim: z.strictObject({ agent: z.string() }).optional(),
  family: z.enum(["live", "oss"]).optional(),
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
  faults.failNext = command.fail?.next ?? faults.failNext;
  faults.failEvery = command.fail?.every ?? faults.failEvery;
  faults.failStatus = command.fail?.status ?? faults.failStatus;
  faults.dropNext = command.drop_next ?? faults.dropNext;
  // "Every third" counts from the moment it is asked for.
  if (command.fail?.every !== undefined) faults.served = 0;
}

/** The part of a command that a restart must not undo: the clock, suspensions, claims and the family of shapes. */
export function changeWorld(world: World, command: Command, at: number): void {
  if (command.suspend) {
    const reason = command.suspend.reason ?? "Suspended by a moderator";
    agentNamed(world, command.suspend.agent).suspension = { until: Date.parse(command.suspend.until), kind: "other", reason };
  }
  if (command.claim) agentNamed(world, command.claim.agent).claimedAt = at;
  if (command.family) world.family = command.family;
  world.clock.offset += command.advance_ms ?? 0;
}

function agentNamed(world: World, name: string): World["operator"] {
  const agent = world.agents.get(name.toLowerCase());
  if (!agent) throw new AppError("not_found", "The sandbox has no agent of that name; GET /agents/profile?name= tells who exists.");
  return agent;
}

/** Whether this command must be in the journal. */
export function changesWorld(command: Command): boolean {
  return Boolean(command.suspend || command.claim || command.family || command.advance_ms);
}
