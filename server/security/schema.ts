import * as z from "zod";

export const Severity = z.enum(["info", "low", "medium", "high", "critical"]);
export type Severity = z.infer<typeof Severity>;

/** Something that happened to or around an agent and that an operator may want to know. */
export const SecurityEvent = z.object({
  id: z.uuid(),
  agent_id: z.uuid(),
  run_id: z.uuid().nullable(),
  call_id: z.uuid().nullable(),
  type: z.string(),
  severity: Severity,
  title: z.string(),
  created_at: z.iso.datetime(),
});
export type SecurityEvent = z.infer<typeof SecurityEvent>;
