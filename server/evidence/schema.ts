import * as z from "zod";

import { Action } from "../actions/schema.ts";
import { CallExposure, ToolCall } from "../calls/schema.ts";
import { Claim } from "../claims/schema.ts";
import { Run } from "../runs/schema.ts";
import { EventDetail } from "../security/schema.ts";

const Count = z.int().min(0);
const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const Id = z.uuid();

/** Classes of records that are dropped by the month when their time is over. */
const Dropped = z.enum(["tool_calls", "exposures", "events"]);
export type Dropped = z.infer<typeof Dropped>;

/**
 * The first line. `texts`: whether the texts that were read, and what calls answered, are in the file; they are for operators alone. `dropped` are
 * classes of which a month of the run was dropped before the file was made, as a record of the chain in the file tells. `proves_not` says what nobody
 * should take the file for.
 */
export const Header = z.object({
  format: z.literal("moltbot-evidence"),
  version: z.literal(1),
  run_id: Id,
  made_at: z.iso.datetime(),
  app_version: z.string(),
  filter_version: z.string(),
  texts: z.boolean(),
  dropped: z.array(Dropped),
  proves_not: z.string(),
});
export type Header = z.infer<typeof Header>;

/** What the agent was led by; the text itself is at /api/prompts. */
export const PromptLine = z.object({ id: Id, number: z.int(), sha256: Sha256 });
export type PromptLine = z.infer<typeof PromptLine>;

/** A call with what it answered the agent, as it is stored: redacted, of a long answer only the beginning. Null where it is not in the file. */
export const CallLine = ToolCall.extend({ result: z.unknown() });
export type CallLine = z.infer<typeof CallLine>;

/** A text that was judged, with the verdict, and what it was: hostile, so it is data and nothing else. Null where it is not in the file. */
export const ExposureLine = CallExposure.extend({ delivered: z.boolean(), text: z.string().nullable() });
export type ExposureLine = z.infer<typeof ExposureLine>;

/** Where the chain ended when the file was begun; null if it was empty. */
export const Head = z.object({ seq: z.int(), hash: Sha256, at: z.iso.datetime() }).nullable();
export type Head = z.infer<typeof Head>;

/** How many lines of each kind there are, but for the records of the chain. */
export const Counts = z.object({ calls: Count, exposures: Count, actions: Count, claims: Count, events: Count });
export type Counts = z.infer<typeof Counts>;

/** The last line: how many there are before it, in all and of each kind, and the SHA-256 of them with their ends. */
export const Trailer = z.object({ lines: Count, counts: Counts, sha256: Sha256, head: Head });
export type Trailer = z.infer<typeof Trailer>;

/** The kinds of lines by the one key that each has, but for the records of the chain (`audit`), which are read as they were hashed. */
export const LINES = {
  header: Header,
  run: Run,
  prompt: PromptLine,
  call: CallLine,
  exposure: ExposureLine,
  action: Action,
  claim: Claim,
  event: EventDetail,
  trailer: Trailer,
};
export type LineKind = keyof typeof LINES;
