import type { ToolCall } from "../server/calls/schema.ts";
import type { Claim } from "../server/claims/schema.ts";
import type { Run, RunDetail } from "../server/runs/schema.ts";
import { ActionList } from "./actions.tsx";
import { ClaimList, noteOfClaims } from "./claims.tsx";
import { EventList } from "./events.tsx";
import { plural } from "./format.ts";
import { Layout } from "./layout.tsx";
import { Followed } from "./live.tsx";
import type { Log } from "./log.tsx";
import { LINES, LogTab } from "./log.tsx";
import { Section, UntrustedBlock } from "./parts.tsx";
import { RunFacts } from "./run-facts.tsx";
import { isWhole, RunStatement } from "./run-statement.tsx";
import { stateOfRun } from "./state.ts";
import type { Course } from "./timeline.tsx";
import { Timeline } from "./timeline.tsx";
import { isLive, wordingOfRun } from "./words.ts";

/** What a tab shows, beside what every page of the run does. */
export type Tab =
  | { name: "timeline"; course: Course }
  | { name: "actions" }
  | { name: "claims"; claims: Claim[] }
  | { name: "log"; log: Log }
  | { name: "raw"; lines: number };

const TABS: [Tab["name"], string][] = [
  ["timeline", "Timeline"],
  ["actions", "Actions"],
  ["claims", "Claims"],
  ["log", "Log"],
  ["raw", "Raw"],
];

/** `mayChange`: whether its reader may stop the run, or wake the agent again. */
export type RunProps = { run: RunDetail; tab: Tab; mayChange: boolean };

/** A run as a whole page, under the banner of the run's own mode. */
export function RunPage({ run, tab, mayChange }: RunProps) {
  return (
    <Layout title={titleOf(run)} current="Runs" mode={run.mode} state={stateOfRun(run)}>
      <p class="trail">
        <a href="/runs">Runs</a>
      </p>
      <RunPanel run={run} tab={tab} mayChange={mayChange} />
      {tab.name === "log" ? <LogTab run={run.id} live={isLive(run)} log={tab.log} /> : null}
    </Layout>
  );
}

/**
 * What is known of a run, and what one of its tabs shows: the whole page but the way back, and the fragment that replaces it while the run lives. Only the
 * log grows by itself.
 */
export function RunPanel({ run, tab, mayChange }: RunProps) {
  const live = isLive(run);
  const isFollowed = tab.name === "log" && tab.log.from === null && tab.log.search === null;
  const stream = live && !isFollowed ? `/live?run=${run.id}` : null;
  return (
    <Followed
      id="run"
      url={addressOf(run, tab.name)}
      stream={stream}
      {...(live && isFollowed ? { from: LINES } : {})}
      title={titleOf(run)}
      state={stateOfRun(run)}
    >
      <RunStatement run={run} tab={tab} mayChange={mayChange} />
      <RunFacts run={run} />
      <nav class="tabs" aria-label="Parts of the run">
        {TABS.map(([name, word]) => (
          <a href={addressOf(run, name)} aria-current={name === tab.name ? "page" : undefined} safe>
            {word}
          </a>
        ))}
      </nav>
      <TabContent run={run} tab={tab} />
    </Followed>
  );
}

function addressOf(run: Run, tab: Tab["name"]): string {
  return tab === "timeline" ? `/runs/${run.id}` : `/runs/${run.id}?tab=${tab}`;
}

function TabContent({ run, tab }: Pick<RunProps, "run" | "tab">) {
  if (tab.name === "timeline") return <TimelineTab run={run} course={tab.course} />;
  if (tab.name === "actions") return <ActionsTab run={run} />;
  if (tab.name === "claims") return <ClaimsTab run={run} claims={tab.claims} />;
  return tab.name === "raw" ? <RawTab run={run} lines={tab.lines} /> : null;
}

function TimelineTab({ run, course }: { run: RunDetail; course: Course }) {
  return (
    <>
      {run.summary === null ? null : (
        <Section id="summary" title="Summary" note="the agent's own words, not checked">
          <blockquote class="own-words">
            <UntrustedBlock text={run.summary} />
          </blockquote>
        </Section>
      )}
      <Section id="timeline" title="Timeline" note={course.calls.length === 0 ? undefined : timelineNote(course.calls)}>
        <Timeline run={run} course={course} />
      </Section>
      <Section id="events" title="Security">
        <EventList events={course.events} empty="No security events are on record for this run." />
      </Section>
    </>
  );
}

function timelineNote(calls: ToolCall[]): string {
  const writes = calls.filter((call) => call.is_write).length;
  return `${plural(calls.length - writes, "read")}, ${plural(writes, "write")}`;
}

function ActionsTab({ run }: { run: RunDetail }) {
  return (
    <Section id="actions" title="Actions" note={noteOfActions(run)}>
      <ActionList actions={run.actions} empty="It did nothing that others can see." />
    </Section>
  );
}

function noteOfActions({ kind, mode }: Run): string {
  if (kind === "claimed") return "as told from outside; the server saw none of it";
  return mode === "dry_run" ? "what would change anything was not sent" : "as the server carried them out";
}

function ClaimsTab({ run, claims }: { run: RunDetail; claims: Claim[] }) {
  return (
    <Section id="claims" title="Claims" note={noteOfClaims(claims)}>
      <ClaimList run={run} claims={claims} actions={run.actions} />
    </Section>
  );
}

function RawTab({ run, lines }: { run: Run; lines: number }) {
  return (
    <Section id="raw" title="Raw" note="for programs, and to keep">
      <ul class="raw-links">
        <li>
          <a href={`/runs/${run.id}/transcript.ndjson`} data-item>
            What its process printed
          </a>
          <span
            class="dim"
            safe
          >{`${plural(lines, "line")} of NDJSON, with the agent's own words and everything it was told: hostile text`}</span>
        </li>
        <li>
          <a href={`/api/runs/${run.id}`} data-item>
            The run
          </a>
          <span class="dim">JSON, with its actions</span>
        </li>
        <li>
          <a href={`/api/security/tool-calls?run_id=${run.id}`} data-item>
            Its calls
          </a>
          <span class="dim">JSON, with arguments and digests</span>
        </li>
        {isWhole(run) ? (
          <li>
            <a href={`/api/runs/${run.id}/evidence`} data-item>
              Its evidence
            </a>
            <span class="dim">
              NDJSON: all of this, with what the audit chain tells of it. Check it anywhere:{" "}
              <code>bun run job verify-audit --bundle FILE</code>
            </span>
          </li>
        ) : null}
      </ul>
    </Section>
  );
}

function titleOf(run: Run): string {
  return `Run: ${wordingOfRun(run).word.toLowerCase()}`;
}
