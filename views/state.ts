import type { AccountHealth } from "../server/account/schema.ts";
import type { Run } from "../server/runs/schema.ts";
import type { Overview } from "../server/stats/schema.ts";
import { ACCOUNT } from "./account-words.ts";
import { plural } from "./format.ts";
import { explanationOf, isLive, WANTED_SKIPS, wordingOfRun } from "./words.ts";
import type { Tone } from "./words.ts";

/** The whole installation in one word: it colours the mark, the favicon and the tab's title. */
export type State = "alive" | "running" | "attention" | "idle";

/** Something that waits for the operator. `detail` may hold untrusted text. */
export type Need = { what: string; detail: string | null; href: string | null; tone: Tone };

/** How the heart beats: the first word of the overview. */
export type Pulse = { word: string; tone: Tone };

const MARK: Record<State, string> = { alive: "", running: "▸ ", attention: "! ", idle: "" };
const LATE_MS = 5 * 60_000;

/** Failed challenges in a row at which the operator hears of it, and at which Moltbook suspends an account. */
const WORRYING_FAILURES = 3;
export const FATAL_FAILURES = 10;

/** Title of a page as the browser's tab shows it: how many things wait, if any do, else the state. */
export function tabTitle(title: string, state: State, needs = 0): string {
  return `${needs > 0 ? `(${needs}) ` : MARK[state]}${title} · Moltbot`;
}

/** The favicon of a state. */
export function iconOf(state: State): string {
  return state === "running" || state === "attention" ? `/static/favicon-${state}.svg` : "/static/favicon.svg";
}

/**
 * State from the overview and the agent's newest run, skipped ones included (`Overview.last_run` never is a skipped one):
 * a live heartbeat is running whatever else waits; otherwise whatever needs the operator comes first.
 */
export function stateOf(overview: Overview, newest: Run | undefined): State {
  if ([overview.last_run, overview.dry_run].some((run) => run !== null && isLive(run))) return "running";
  if (needsOf(overview, newest).length > 0) return "attention";
  return overview.last_run === null || overview.next_run_at === null ? "idle" : "alive";
}

/** State of a page about one run. */
export function stateOfRun(run: Run): State {
  if (isLive(run)) return "running";
  const { tone } = wordingOfRun(run);
  return tone === "warn" || tone === "bad" ? "attention" : "alive";
}

/** State of the page about the account. */
export function stateOfAccount(health: AccountHealth): State {
  if (needsOfAccount(health).length > 0) return "attention";
  return health.state === "unknown" ? "idle" : "alive";
}

/** What waits for the operator, most urgent first; empty when all is well. */
export function needsOf(overview: Overview, newest: Run | undefined): Need[] {
  const needs = needsOfAccount(overview.account);
  const troubled = troubledRun(overview.last_run, newest);
  for (const { what, why, href, is_urgent } of overview.waiting) {
    needs.push({ what, detail: why, href, tone: is_urgent ? "bad" : "warn" });
  }
  if (troubled !== null) {
    const { word, tone } = wordingOfRun(troubled);
    const what = `Last heartbeat: ${word.toLowerCase()}. ${explanationOf(troubled) ?? ""}`.trim();
    needs.push({ what, detail: troubled.detail, href: `/runs/${troubled.id}`, tone });
  }
  if (overview.filter_model.state === "degraded") {
    const what = "The filter's model does not answer: rules alone judge, and doubtful texts are marked";
    needs.push({ what, detail: overview.filter_model.reason, href: null, tone: "warn" });
  }
  if (isLate(overview))
    needs.push({ what: "The next heartbeat is late: is the app's clock running?", detail: null, href: null, tone: "warn" });
  for (const { id } of overview.open_proposals) {
    needs.push({ what: "A proposal to change the agent's identity", detail: null, href: `/proposals/${id}`, tone: "warn" });
  }
  return [...needs.filter(({ tone }) => tone === "bad"), ...needs.filter(({ tone }) => tone !== "bad")];
}

/** What of the account waits for the operator, most urgent first. */
export function needsOfAccount(health: AccountHealth): Need[] {
  const needs: Need[] = [];
  const standing = ACCOUNT[health.state];
  const need = (what: string, anchor: string, tone: Tone) => needs.push({ what, detail: null, href: `/account${anchor}`, tone });
  if (standing.tone === "bad" || standing.tone === "warn") {
    needs.push({
      what: `The account on Moltbook: ${standing.word.toLowerCase()}`,
      detail: health.detail,
      href: "/account",
      tone: standing.tone,
    });
  }
  if (health.frozen_at !== null) {
    const failed = `${plural(health.failures_in_row, "verification challenge")} failed in a row`;
    const why = health.frozen_because === "canary" ? "what only the agent of a run knew got out, or nearly did" : failed;
    need(`Writing is frozen: ${why}`, "#verification", "bad");
  } else if (health.failures_in_row >= WORRYING_FAILURES) {
    need(
      `${health.failures_in_row} verification challenges failed in a row; ${FATAL_FAILURES} suspend the account`,
      "#verification",
      "warn",
    );
  }
  if (health.open_since !== null) need("Moltbook cannot be reached", "#upstream", "warn");
  if (health.hidden_writings > 0) {
    need(`${plural(health.hidden_writings, "text")} of the agent cannot be seen by others`, "#unsettled", "warn");
  }
  if (health.open_requests > 0) need(`${plural(health.open_requests, "request")} to talk in private`, "#requests", "warn");
  return needs;
}

/** The first word of the overview. What only waits for a decision does not stop the heart. */
export function pulseOf(overview: Overview, newest: Run | undefined): Pulse {
  const { last_run: last, account } = overview;
  const standing = ACCOUNT[account.state];
  if (last !== null && isLive(last)) return { word: "Running", tone: "live" };
  if (standing.tone === "bad" || standing.tone === "warn") return standing;
  if (account.frozen_at !== null) return { word: "Not writing", tone: "bad" };
  if (account.open_since !== null) return { word: "Cut off from Moltbook", tone: "warn" };
  if (overview.paused !== null) return { word: "Paused", tone: "quiet" };
  if (last === null && newest === undefined) return { word: "Waiting", tone: "quiet" };
  const troubled = troubledRun(last, newest);
  if (troubled !== null) return troubled.status === "skipped" ? { word: "Not waking", tone: "warn" } : wordingOfRun(troubled);
  if (isLate(overview)) return { word: "Late", tone: "warn" };
  return overview.next_run_at === null ? { word: "Not scheduled", tone: "quiet" } : { word: "Alive", tone: "ok" };
}

/** A skipped heartbeat counts unless the one before it was simply still running, or the operator wanted it so. */
function troubledRun(last: Run | null, newest: Run | undefined): Run | null {
  const run = newest !== undefined && newest.status === "skipped" && !WANTED_SKIPS.includes(newest.skip_reason ?? "") ? newest : last;
  if (run === null) return null;
  const { tone } = wordingOfRun(run);
  return tone === "warn" || tone === "bad" ? run : null;
}

function isLate(overview: Overview): boolean {
  return overview.next_run_at !== null && Date.parse(overview.next_run_at) < Date.now() - LATE_MS;
}
