import * as z from "zod";

import { ActionType } from "../../actions/schema.ts";

const Moment = z.union([z.string().max(64), z.number()]);
const text = (length: number) => z.string().max(length).nullish();

/** A run in an address: by its own id, or by the one that it has where it ran. */
export const Named = z.object({ id: z.string().min(1).max(200) });

/** A run as programs report it, in the predecessor's words. Times of any shape; without a zone they are UTC. */
export const NewRun = z.strictObject({
  run_id: z.string().min(1).max(200),
  started_at: Moment,
  finished_at: Moment.nullish(),
  duration_seconds: z.number().min(0).max(31_536_000).nullish(),
  exit_code: z.int32().nullish(),
  status: text(20),
  agent_name: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,64}$/)
    .nullish(),
  script_variant: text(100),
  run_number: z.int32().nullish(),
  raw_output: text(200_000),
  summary: text(5000),
  error_message: text(5000),
  prompt_version_id: z.union([z.string().max(64), z.int()]).nullish(),
});
export type NewRun = z.infer<typeof NewRun>;

/** What can still change of a run that was reported: everything but whose it is, and its id. */
export const RunChanges = NewRun.omit({ run_id: true, agent_name: true }).partial();
export type RunChanges = z.infer<typeof RunChanges>;

/** An action as programs report it, in the predecessor's words. */
export const ReportedAction = z.strictObject({
  action_type: ActionType,
  target_id: text(200),
  target_title: text(300),
  target_author: text(200),
  detail: text(1000),
  succeeded: z.boolean().nullish(),
});
export type ReportedAction = z.infer<typeof ReportedAction>;
export const ReportedActions = z.union([ReportedAction, z.array(ReportedAction).min(1).max(500)]);
