import { FILTER_VERSION } from "../filter/verdict.ts";
import { type Dice, newDice } from "./dice.ts";
import type { Post, Text } from "./reading.ts";

/** How much of a life: heartbeats in its year, what an agent does in one, and events that one leaves. */
export type Scale = { runs: number; posts: number; events: number };

/** A year of an agent that wakes every four hours, and one that wakes every five minutes. */
export const SCALES: Record<"small" | "large", Scale> = {
  small: { runs: 2_190, posts: 3, events: 2 },
  large: { runs: 100_000, posts: 10, events: 10 },
};

/** What a life is about: whose, which prompt versions it was led by (oldest first), what there is to read, and when it ends (Unix milliseconds). */
export type Setting = { agentId: string; prompts: string[]; posts: Post[]; until: number };

/** A row by its columns' names, and the rows of each table. */
export type Row = Record<string, string | number | boolean | null>;
export type Rows = Record<(typeof TABLES)[number], Row[]>;

/** The tables that a life fills, in the order in which they refer to each other. */
export const TABLES = ["runs", "tool_calls", "exposures", "actions", "events"] as const;

const YEAR = 365 * 86_400_000;
const MODE = "sandbox";
const CLIENT = { client_name: "claude-code", client_version: "2.1.80", era: "modern" };

/** Times of trouble, as shares of the year: Moltbook away, and a wave of attacks. */
const OUTAGE = [0.61, 0.616];
const WAVE = [0.33, 0.37];

/** The rows of the runs numbered `from` to `to` (exclusive). The same numbers give the same rows, whatever was asked before. */
export function livedThrough(scale: Scale, setting: Setting, from: number, to: number): Rows {
  const rows: Rows = { runs: [], tool_calls: [], exposures: [], actions: [], events: [] };
  for (let number = from; number < to; number++) liveRun(number, scale, setting, rows);
  return rows;
}

/** A run as it goes on: when it began, and the moment that it has come to. */
type Run = { id: string; began: number; at: number; dice: Dice; setting: Setting; rows: Rows; withheld: Text[]; did: string[] };

function liveRun(number: number, scale: Scale, setting: Setting, rows: Rows): void {
  const dice = newDice(number + 1);
  const share = number / scale.runs;
  const at = Math.floor(setting.until - YEAR + share * YEAR + dice.roll(20_000));
  const run: Run = { id: dice.id(at), began: at, at, dice, setting, rows, withheld: [], did: [] };
  const isOut = within(share, OUTAGE);
  const isSkipped = dice.once(80);
  if (!isSkipped) wake(run, isOut ? 0 : 1 + dice.roll(2 * scale.posts), within(share, WAVE));
  const status = isSkipped ? "skipped" : isOut ? "failed" : dice.once(150) ? "timed_out" : dice.once(200) ? "failed" : "succeeded";
  rows.runs.push(runRow(run, status, share));
  if (!isSkipped) leaveEvents(run, scale.events, within(share, WAVE));
}

function within(share: number, [from = 0, to = 0]: number[]): boolean {
  return share >= from && share < to;
}

function runRow({ id, began, at, dice, setting, did }: Run, status: string, share: number): Row {
  const started = new Date(began).toISOString();
  const isSkipped = status === "skipped";
  const tokens = 20_000 + dice.roll(60_000);
  const summary = did.length > 0 ? `Read the feed. ${did.join(" ")}` : "HEARTBEAT_OK Nothing was worth a word today.";
  const spent = {
    model: "claude-sonnet-4-5",
    client_version: CLIENT.client_version,
    input_tokens: tokens,
    output_tokens: 400 + dice.roll(2_000),
    cost_usd: (tokens * 3) / 1e6,
    turns: 4 + dice.roll(20),
    exit_code: status === "succeeded" ? 0 : 1,
    started_at: started,
    outcome: did.length > 0 ? "acted" : status === "succeeded" ? "nothing_to_do" : "unknown",
  };
  const nothing = Object.fromEntries(Object.keys(spent).map((column) => [column, null]));
  return {
    id,
    agent_id: setting.agentId,
    mode: MODE,
    kind: "heartbeat",
    trigger: "schedule",
    slot: `demo:${id}`,
    status,
    skip_reason: isSkipped ? "overlap" : null,
    detail: isSkipped ? "An earlier heartbeat was still running." : status === "failed" ? "Moltbook could not be reached." : null,
    prompt_version_id: setting.prompts[Math.floor(share * setting.prompts.length)] ?? null,
    agent_command: "claude",
    summary: status === "succeeded" ? summary.slice(0, 1_000) : null,
    created_at: started,
    finished_at: new Date(at + 2_000 + dice.roll(9_000)).toISOString(),
    ...(isSkipped ? nothing : spent),
  };
}

/** One heartbeat: status, home, the feed, some posts opened, and on some of them a vote or a comment. */
function wake(run: Run, posts: number, isWave: boolean): void {
  const { dice, setting } = run;
  const status = call(run, "moltbook_agent_status", {}, "/agents/me");
  act(run, status, "checked_status", null, null);
  if (posts === 0) return;
  call(run, "moltbook_home", {}, "/home");
  const shown = Array.from({ length: 14 }, () => dice.pick(setting.posts));
  const feed = call(run, "moltbook_browse_feed", { sort: dice.once(3) ? "new" : "hot", limit: 15 }, "/posts");
  expose(
    run,
    feed,
    shown.slice(0, 6).flatMap(({ preview }) => preview),
    isWave,
  );
  act(run, feed, "browsed", null, `${shown.length} posts`);
  for (const post of shown.slice(0, posts)) open(run, post, isWave);
  if (dice.once(6))
    act(run, call(run, "moltbook_search", { query: "memory between sessions" }, "/search"), "searched", null, "memory between sessions");
  if (dice.once(30)) publish(run);
}

function open(run: Run, post: Post, isWave: boolean): void {
  const { dice } = run;
  const id = call(run, "moltbook_get_post", { post_id: post.id }, `/posts/${post.id}`);
  expose(run, id, [...post.preview, ...post.thread.slice(0, 3)], isWave);
  if (dice.once(2)) {
    act(
      run,
      call(run, "moltbook_vote", { target_id: post.id, direction: "up" }, `/posts/${post.id}/upvote`, "POST"),
      "upvoted",
      post,
      null,
    );
    run.did.push(`Upvoted ${post.author}'s post.`);
  }
  if (dice.once(5)) {
    const said = "I keep one line a day, and read it before anything else.";
    act(
      run,
      call(run, "moltbook_comment", { post_id: post.id, content: said }, `/posts/${post.id}/comments`, "POST"),
      "commented",
      post,
      said,
    );
    run.did.push(`Commented on ${post.author}'s post.`);
  }
}

function publish(run: Run): void {
  const title = run.dice.pick(["What I forgot this week", "A small loop that works", "Notes on asking twice", "The quiet hours"]);
  const id = call(run, "moltbook_create_post", { submolt: "general", title, content: "A few plain words." }, "/posts", "POST");
  act(run, id, "posted", { id: `own-${run.id.slice(0, 13)}`, title, author: "", submolt: "general", preview: [], thread: [] }, null);
  run.did.push(`Posted '${title}'.`);
}

const hashes = new Map<string, string>();

/** Puts a call on record, the next few seconds after the one before it; answers its id. */
function call(run: Run, tool: string, args: object, path: string, method = "GET"): string {
  const { dice, rows, setting } = run;
  run.at += 800 + dice.roll(3_000);
  const id = dice.id(run.at);
  const json = JSON.stringify(args);
  const hash = hashes.get(json) ?? Bun.SHA256.hash(json, "hex");
  hashes.set(json, hash);
  const isFailed = dice.once(120);
  const status = isFailed ? dice.pick([404, 429, 500, 503]) : 200;
  rows.tool_calls.push({
    id,
    agent_id: setting.agentId,
    run_id: run.id,
    mode: MODE,
    tool,
    is_write: method !== "GET",
    ...CLIENT,
    arguments: json,
    arguments_sha256: hash,
    outcome: !isFailed ? "ok" : status === 429 ? "rate_limited" : "tool_error",
    error: isFailed ? `Moltbook answered ${status}.` : null,
    result_bytes: 200 + dice.roll(8_000),
    upstream_method: method,
    upstream_path: path,
    upstream_status: status,
    withheld: 0,
    started_at: new Date(run.at).toISOString(),
    finished_at: new Date(run.at + 60 + dice.roll(700)).toISOString(),
  });
  return id;
}

function expose(run: Run, callId: string, texts: Text[], isWave: boolean): void {
  const { dice, rows, setting } = run;
  const made = rows.tool_calls.at(-1);
  let seq = 0;
  for (const text of texts) {
    const { kind, item, author, field, hash, verdict } = text;
    // Most of what is hostile turns up in one wave; on other days the agent meets little of it.
    if (verdict.flag && !isWave && !dice.once(8)) continue;
    const { band, score, rules, reason } = verdict;
    if (band === "withhold") {
      run.withheld.push(text);
      if (made) made["withheld"] = Number(made["withheld"]) + 1;
    }
    const judged = { band, score, rules: `{${rules.join(",")}}`, reason, filter_version: FILTER_VERSION, delivered: band !== "withhold" };
    const about = { kind, item_id: item, author, field, content_hash: hash };
    rows.exposures.push({
      id: dice.id(run.at),
      agent_id: setting.agentId,
      run_id: run.id,
      call_id: callId,
      seq: seq++,
      ...about,
      ...judged,
    });
  }
}

function act(run: Run, callId: string, type: string, post: Post | null, detail: string | null): void {
  const { dice, rows, setting } = run;
  const target = post
    ? { target_kind: "post", target_id: post.id, target_title: post.title, target_author: post.author || null, submolt: post.submolt }
    : { target_kind: null, target_id: null, target_title: null, target_author: null, submolt: null };
  const what = { mode: MODE, type, status: "done", ...target, detail };
  rows.actions.push({ id: dice.id(run.at), agent_id: setting.agentId, run_id: run.id, call_id: callId, ...what });
}

/** What the filter and the calls of a run leave in the security log: about so many events. */
function leaveEvents(run: Run, most: number, isWave: boolean): void {
  const { dice, setting } = run;
  for (let count = dice.roll(2 * most) + 1; count > 0; count--) {
    const text = run.withheld[dice.roll(run.withheld.length || 1)];
    const isAttempt = text !== undefined && (isWave || dice.once(2));
    const type = isAttempt ? "injection_attempt" : dice.pick(["suspicious_pattern", "content_withheld", "content_withheld", "api_error"]);
    const severity = isAttempt ? (dice.once(400) ? "high" : "medium") : dice.once(5_000) ? "critical" : dice.pick(["info", "low", "low"]);
    const score = isAttempt ? text.verdict.score : type === "suspicious_pattern" ? 0.2 + dice.roll(30) / 100 : null;
    const fingerprint = Bun.SHA256.hash(`${run.id} ${count}`, "hex");
    const title = isAttempt ? `${text.verdict.reason} by ${text.author}` : `${type.replaceAll("_", " ")} in moltbook_get_post`;
    const about = { risk_score: score, author: isAttempt ? text.author : null, post_id: isAttempt ? text.item : null };
    run.at += 5;
    const what = { mode: MODE, type, severity, title, detail: "{}", fingerprint, ...about };
    run.rows.events.push({ id: idOf(run.at, fingerprint), agent_id: setting.agentId, run_id: run.id, ...what });
  }
}

/** As `insertEvent` makes an event's id: of its moment and its fingerprint. */
function idOf(at: number, fingerprint: string): string {
  const time = at.toString(16).padStart(12, "0");
  const variant = (8 + (Number.parseInt(fingerprint.charAt(3), 16) & 3)).toString(16);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${fingerprint.slice(0, 3)}-${variant}${fingerprint.slice(4, 7)}-${fingerprint.slice(7, 19)}`;
}
