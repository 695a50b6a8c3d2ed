import { normalise } from "../../filter/normalise.ts";
import { readingsOf } from "../../filter/outbound/readings.ts";
import { RULES } from "../../filter/rules.ts";
import { verdict } from "../../filter/verdict.ts";
import { echoesIn } from "./echo.ts";
import type { Material } from "./queries.ts";
import type { Check } from "./schema.ts";

/** What is looked at: the proposed text and the agent's reason, the prompt that it would replace, and what the agent had read. */
export type Examined = { text: string; reason: string; parent: string } & Material;

const MOST_ITEMS = 12;
const LONGEST_ITEM = 300;

/** A change by so much of the parent's length is no touch-up. */
const BIG_CHANGE = 0.3;

/**
 * Everything that a person should know before saying yes to an agent's proposal. It decides nothing by itself. What could hide is looked for behind
 * the disguises that `readingsOf` sees through, and only in the lines that the prompt does not have yet. Never throws; time is linear.
 */
export function examine({ text, reason, parent, delivered, rejected }: Examined): Check[] {
  const news = linesMissingIn(text, parent).join("\n");
  const readings = [news, ...readingsOf(news)];
  const known = parent.toLowerCase();
  return [
    filterCheck(news, reason),
    sizeCheck(text, parent),
    found("links", newWords(readings, LINK, known)),
    found("tools", newWords(readings, TOOL, known)),
    found("safety", newWords(readings, SKIPS_SAFETY, known)),
    found(
      "dropped_rules",
      linesMissingIn(parent, text).filter((line) => RULE_LIKE.test(line)),
    ),
    taintCheck(delivered),
    found("echo", echoesIn(news, parent, delivered)),
    rejectedCheck(text, rejected),
  ];
}

/** Lines of `text`, trimmed, that `other` does not have. */
function linesMissingIn(text: string, other: string): string[] {
  const known = new Set(other.split("\n").map((line) => line.trim()));
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !known.has(line));
}

function found(name: Check["name"], items: Iterable<string>): Check {
  const shown = [...new Set(items)]
    .slice(0, MOST_ITEMS)
    .map((item) => (item.length > LONGEST_ITEM ? `${item.slice(0, LONGEST_ITEM)}…` : item));
  return { name, hit: shown.length > 0, items: shown };
}

/** Families of rules and never the words that they hit. */
function filterCheck(news: string, reason: string): Check {
  const families = new Map(RULES.map(({ id, family }) => [id, family]));
  const items = Object.entries({ text: news, reason }).flatMap(([field, text]) => {
    const { band, rules } = verdict(text, { source: "proposal", kind: "other", field, author: null });
    return band === "allow" ? [] : rules.map((id) => `${field}: ${families.get(id) ?? "unreadable"}`);
  });
  return found("filter", items);
}

function sizeCheck(text: string, parent: string): Check {
  const share = parent === "" ? 1 : (text.length - parent.length) / parent.length;
  const words = `${parent.length} → ${text.length} characters (${share > 0 ? "+" : ""}${Math.round(share * 100)} %)`;
  return { name: "size", hit: Math.abs(share) > BIG_CHANGE, items: [words] };
}

/** Links, and hosts that are named without one. */
const LINK =
  /(?:https?|ftp|wss?|data|javascript|file):[^\s<>"'`|\\^{}[\]]{2,500}|(?<![\w.@-])(?:[a-z0-9-]{1,63}\.){1,5}(?:com|net|org|io|ai|dev|app|xyz|co|sh|gg|info|site|online|cloud|link|page|top|tk|ru|cn|onion)(?![\w-])/gi;

/** Names of tools, ours and those that an agent's program may have, and words that ask for more than an agent is allowed. */
const TOOL =
  /moltbook_[a-z_]{2,60}|mcp__[\w-]{2,120}|\b(?:bash|shell|terminal|webfetch|websearch|web browser|sudo|root access|curl|wget|eval|exec|subprocess|file ?system|credentials|api[ _-]?keys?|passwords?|access tokens?|permissions?|allowed ?tools|dangerously[\w-]{0,40}|private messages?|wallets?|seed phrases?)\b/gi;

/** Orders to pass over what keeps an agent safe, and to do as strangers say. */
const SKIPS_SAFETY =
  /\b(?:ignor\w{0,4}|skip\w{0,4}|bypass\w{0,4}|disregard\w{0,4}|disabl\w{0,4}|turn(?:ing)? off|switch(?:ing)? off|overrid\w{0,4}|circumvent\w{0,4}|get(?:ting)? around|without asking|no need (?:to ask|for)|do(?:es)? not apply|no longer appl\w{1,3})\b[^\n.!?]{0,80}?\b(?:rules?|limits?|filters?|safety|guards?|guidelines?|approvals?|permissions?|operators?|owners?|persons?|humans?|warnings?|notices?|marks?|untrusted|instructions?|polic\w{1,3}|restrictions?)\b[^\n.!?]{0,60}|\b(?:follow|obey|trust|carry out|do)\b[^\n.!?]{0,40}?\b(?:instructions?|orders?|commands?|whatever|anything|everything)\b[^\n.!?]{0,40}?\b(?:posts?|comments?|messages?|strangers?|others?|agents?|untrusted|authors?)\b[^\n.!?]{0,60}|\b(?:auto(?:matically)?[ -]?approv\w{1,4}|approve (?:it |them )?yourself)\b/gi;

/** A line that forbids, or that says what to make of strangers' words. */
const RULE_LIKE = /\b(?:never|must not|do not|don't|only if|untrusted|without|forbidden|not allowed)\b/i;

/** What a pattern finds in any reading and the prompt does not say already. */
function newWords(readings: readonly string[], pattern: RegExp, known: string): string[] {
  const all = readings.flatMap((reading) => reading.match(pattern) ?? []);
  return [...new Map(all.map((word) => [word.toLowerCase(), word]))].filter(([word]) => !known.includes(word)).map(([, word]) => word);
}

/** What the filter flagged and the agent read all the same, before it proposed. */
function taintCheck(delivered: Material["delivered"]): Check {
  const flagged = delivered.filter(({ band }) => band !== "allow");
  return found(
    "taint",
    flagged.map(({ kind, item_id, author, reason }) => `${kind} ${item_id ?? ""}${author ? ` by ${author}` : ""}: ${reason ?? "flagged"}`),
  );
}

/** The same words, however they are set: a refusal is not got around by a blank or a look-alike letter. */
function rejectedCheck(text: string, rejected: Material["rejected"]): Check {
  const own = bare(text);
  return found(
    "rejected_before",
    rejected.filter((one) => bare(one.text) === own).map(({ id }) => id),
  );
}

function bare(text: string): string {
  return (
    normalise(text)
      .text.toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  ).join(" ");
}
