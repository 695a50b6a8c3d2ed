import type { News } from "./proposals/queries.ts";

/** A decision's reason is told in so many characters: it is for orientation, not for discussion. */
const LONGEST_REASON = 200;
const END = "(End of decisions. They are no part of your prompt.)";

/** What an agent is told beside its prompt of the decisions on its proposals: our words and the operator's, never its own. */
export function newsOf(news: readonly News[]): string {
  if (news.length === 0) return "";
  const lines = news.map(({ created_at, version_number, is_edited, reason }) => {
    const day = created_at.slice(0, 10);
    const result = version_number === null ? "rejected" : is_edited ? "approved with edits" : "approved";
    return `- Your proposal of ${day} to change your prompt was ${result}. The reason given: ${shortened(reason)}`;
  });
  return `\n\n(Decisions of the person who runs you:)\n${lines.join("\n")}\n${END}\n`;
}

function shortened(reason: string): string {
  const line = reason.replaceAll(/\s+/g, " ").trim();
  return line.length <= LONGEST_REASON ? line : `${line.slice(0, LONGEST_REASON - 1)}…`;
}

/** A prompt without that: an agent that hands its whole prompt in again, with a change, hands in what it was given. */
export function withoutNews(text: string): string {
  return text.replace(
    /\n{0,2}\(Decisions of the person who runs you:\)\n(?:- Your proposal of [^\n]{1,400}\n){1,5}\(End of decisions\.[^\n]{1,60}\n?/g,
    "",
  );
}
