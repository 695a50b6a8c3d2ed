import * as z from "zod";

import { AgentName, PageQuery } from "../paging.ts";
import { Mode } from "../runs/schema.ts";
import { Severity, SeverityFilter } from "../security/schema.ts";

/**
 * How an issue stands: `open` until somebody decides; `acknowledged` and `muted` (until a moment) count as open again when it gets worse;
 * `resolved` becomes `regressed` when it comes up again.
 */
export const IssueState = z.enum(["open", "acknowledged", "muted", "resolved", "regressed"]);
export type IssueState = z.infer<typeof IssueState>;

const Decision = z.enum(["open", "acknowledged", "muted", "resolved"]);

/**
 * Events or oddities that are the same issue: of one agent, mode and type, and about the same author, source or tool. `severity` is the worst
 * one, `id` that of the newest of them, `title` its title (null once it is no longer kept). `author` is a name on Moltbook, not ours.
 */
export const Issue = z.object({
  id: z.uuid(),
  issue: z.uuid(),
  agent_id: z.uuid(),
  kind: z.enum(["event", "oddity"]),
  mode: Mode.nullable(),
  type: z.string(),
  severity: Severity,
  author: z.string().nullable(),
  title: z.string().nullable(),
  count: z.int(),
  first_at: z.iso.datetime(),
  last_at: z.iso.datetime(),
  state: IssueState,
  reason: z.string().nullable(),
  until: z.iso.datetime().nullable(),
  decided_by: z.string().nullable(),
  decided_at: z.iso.datetime().nullable(),
});
export type Issue = z.infer<typeof Issue>;

/** Which issues; `mode` includes what belongs to no mode, like a stranger at the door; `search` is looked for in types and authors. */
const Which = {
  kind: z.enum(["event", "oddity"]).optional(),
  type: z
    .string()
    .regex(/^[a-z_]{1,64}$/)
    .optional(),
  severity: SeverityFilter,
  state: IssueState.optional(),
  mode: Mode.optional(),
  agent_name: AgentName.optional(),
  search: z.string().min(1).max(200).optional(),
};
export const IssueFilter = PageQuery.extend(Which);
export type IssueFilter = z.infer<typeof IssueFilter>;
export const IssueScope = z.strictObject(Which);
/** For pages, `types` names several, and `needs_you` means what is high or critical and waits for a decision. */
export type IssueScope = z.infer<typeof IssueScope> & { types?: readonly string[] | undefined; needs_you?: boolean | undefined };

/** A decision about issues: `until` (and a reason) for `muted` only. */
export const Triage = z
  .strictObject({
    issues: z.array(z.uuid()).min(1).max(500),
    state: Decision,
    reason: z.string().trim().min(1).max(500).optional(),
    until: z.iso.datetime({ offset: true }).optional(),
  })
  .refine(({ state, reason, until }) => state !== "muted" || (reason !== undefined && until !== undefined), {
    message: "To mute, say why and until when.",
  })
  .refine(({ state, until }) => state === "muted" || until === undefined, { message: "Only what is muted has an end.", path: ["until"] })
  .refine(({ until }) => until === undefined || Date.parse(until) > Date.now(), {
    message: "That moment is over already.",
    path: ["until"],
  });
export type Triage = z.infer<typeof Triage>;

/** What a decision changed; its `batch` takes it back. */
export const Triaged = z.object({ batch: z.uuid(), changed: z.int() });
export type Triaged = z.infer<typeof Triaged>;

/** One decision that was made about an issue. */
export const TriageDecision = z.object({
  id: z.uuid(),
  state: Decision,
  reason: z.string().nullable(),
  until: z.iso.datetime().nullable(),
  batch: z.uuid(),
  decided_by: z.string(),
  decided_at: z.iso.datetime(),
});
export type TriageDecision = z.infer<typeof TriageDecision>;

export const IssueDetail = Issue.extend({ decisions: z.array(TriageDecision) });
export type IssueDetail = z.infer<typeof IssueDetail>;
