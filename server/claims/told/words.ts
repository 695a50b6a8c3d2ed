import type { NewAction } from "../../actions/queries.ts";
import { parseReport } from "../parse.ts";
import type { Statement } from "../parse.ts";
import type { Output } from "./output.ts";
import { actionsOf } from "./tool-uses.ts";

const LONGEST = 5000;
const HEADINGS = /^[ \t]{0,3}(?:\*\*(?:Heartbeat )?Summary:?\*\*:?|#{1,3} (?:Heartbeat )?Summary:?|Summary:)[ \t]*/im;

/** What a run said of itself at its end: the result of a stream, what follows a heading "Summary", or its last paragraph. */
export function summaryOf({ stream, text }: Output): string | null {
  if (stream.report.summary) return stream.report.summary;
  if (stream.started || stream.ended) return null;
  const heading = HEADINGS.exec(text);
  const after = heading ? text.slice(heading.index + heading[0].length).split(/\n#{1,3} |\n---/, 1)[0] : lastParagraph(text);
  return after?.trim().slice(0, LONGEST) || null;
}

function lastParagraph(text: string): string | undefined {
  return text
    .slice(-LONGEST)
    .split(/\n\s*\n/)
    .findLast((paragraph) => paragraph.trim() !== "");
}

/** Why a run failed, in words: what it printed as an error, or null. */
export function errorOf({ text, firstError }: Output): string | null {
  return /credit balance/i.test(text) ? "Credit balance too low" : firstError;
}

/** What a run did by its own account: the calls of its stream, where there is one, and else what its words claim. */
export function toldActions(output: Output): NewAction[] {
  if (output.uses.size > 0) return actionsOf(output.uses);
  const isProse = !output.stream.started && !output.stream.ended;
  return parseReport(isProse ? output.text : (output.stream.report.summary ?? "")).flatMap(actionsSaid);
}

/** "Upvoted three posts" is three actions; those after the first say which of them they are. */
function actionsSaid({ type, count, titles, authors, submolts, ids, isPending, text }: Statement): NewAction[] {
  if (type === "nothing") return [];
  const times = READS.has(type) ? 1 : count;
  return Array.from({ length: times }, (_, at) => ({
    type,
    status: isPending ? "pending_verification" : "done",
    target_id: ids[0] ?? null,
    target_title: titles[at] ?? titles[0] ?? null,
    target_author: authors[at] ?? authors[0] ?? null,
    submolt: submolts[at] ?? submolts[0] ?? null,
    detail: times === 1 ? text : `${text} (${at + 1} of ${times})`,
  }));
}
const READS: ReadonlySet<string> = new Set(["browsed", "checked_status", "checked_submolts", "read_messages", "searched", "marked_read"]);
