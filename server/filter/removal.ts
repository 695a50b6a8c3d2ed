import type { Verdict } from "./schema.ts";

/** A text with every found span replaced by the reason for it; spans may overlap. */
export function withoutSpans(text: string, { spans, reason }: Verdict): string {
  let kept = "";
  let end = 0;
  for (const span of spans) {
    if (span.start >= end) kept += `${text.slice(end, span.start)}[removed: ${reason}]`;
    end = Math.max(end, span.end);
  }
  return kept + text.slice(end);
}
