import type { Action } from "../server/actions/schema.ts";
import type { Run } from "../server/runs/schema.ts";
import type { SecurityEvent } from "../server/security/schema.ts";
import type { Overview } from "../server/stats/schema.ts";
import { ActionList } from "./actions.tsx";
import { EventList } from "./events.tsx";
import type { ChartDay } from "./figures.tsx";
import { Days, Figures, spanOf } from "./figures.tsx";
import { FirstSteps } from "./first-steps.tsx";
import { plural } from "./format.ts";
import { Icon } from "./icons.tsx";
import { Layout } from "./layout.tsx";
import { Followed } from "./live.tsx";
import { Section, Time, Untrusted } from "./parts.tsx";
import { needsOf, pulseOf, stateOf } from "./state.ts";
import type { Need } from "./state.ts";
import { Tape } from "./tape.tsx";
import { isLive, MODE, wordingOfRun } from "./words.ts";

/**
 * `runs`, `actions` of today and `events`: newest first, of the overview's agent and mode. `days`: the last ones, oldest first. `mayChange`: whether its
 * reader may wake the agent.
 */
type OverviewProps = {
  overview: Overview;
  runs: Run[];
  actions: Action[];
  events: SecurityEvent[];
  days: ChartDay[];
  mayChange: boolean;
};

/** What judges, by the state of the filter's model. */
const FILTER: Record<Overview["filter_model"]["state"], string> = {
  off: "filter: rules",
  starting: "filter: rules, model loading",
  ready: "filter: rules and model",
  degraded: "filter: rules, model degraded",
};

/** The overview as a whole page. */
export function OverviewPage(props: OverviewProps) {
  const { overview, runs } = props;
  return (
    <Layout
      title="Overview"
      current="Overview"
      mode={overview.mode}
      state={stateOf(overview, runs[0])}
      needs={needsOf(overview, runs[0]).length}
    >
      <OverviewPanel {...props} />
    </Layout>
  );
}

/** Is it alive, what needs me, what did it do, is it safe: all of the overview that changes, and the fragment that replaces it. */
export function OverviewPanel({ overview, runs, actions, events, days, mayChange }: OverviewProps) {
  const needs = needsOf(overview, runs[0]);
  const isNew = [...runs, ...(overview.last_run ? [overview.last_run] : [])].every(isLive);
  return (
    <Followed
      id="overview"
      url="/"
      stream="/live"
      title="Overview"
      state={stateOf(overview, runs[0])}
      needs={needsOf(overview, runs[0]).length}
    >
      <Statement overview={overview} newest={runs[0]} needs={needs.length} mayChange={mayChange} />
      {isNew ? <FirstSteps overview={overview} mayChange={mayChange} /> : null}
      <Section id="needs" title="Needs you">
        <Needs needs={needs} />
      </Section>
      <Section id="heartbeats" title="Heartbeats" note={overview.schedule}>
        <Tape runs={runs.slice(0, 10)} nextAt={overview.next_run_at} />
      </Section>
      <Section id="figures" title="Figures" note={`${MODE[overview.mode]} runs only; skipped ones are not counted`}>
        <Figures stats={overview.stats} />
      </Section>
      {days.length === 0 ? null : (
        <Section id="days" title="By day" note={`the last ${spanOf(days)}, in UTC`}>
          <Days days={days} />
        </Section>
      )}
      <Section id="actions" title="Today" note="since 00:00 UTC, as the server carried it out">
        <ActionList actions={actions} empty="The agent has not acted today." />
        <p class="more">
          <a href="/actions">All actions</a>
        </p>
      </Section>
      <Section id="events" title="Security" note={FILTER[overview.filter_model.state]}>
        <EventList events={events} empty="No security events are on record." />
        <p class="more">
          <a href="/security">All of security</a>
        </p>
      </Section>
    </Followed>
  );
}

type StatementProps = { overview: Overview; newest: Run | undefined; needs: number; mayChange: boolean };

function Statement({ overview, newest, needs, mayChange }: StatementProps) {
  const pulse = pulseOf(overview, newest);
  const { last_run: last, dry_run: dryRun } = overview;
  const live = last !== null && isLive(last);
  const busy = live || (dryRun !== null && isLive(dryRun));
  return (
    <header class="statement">
      <div class="statement-words">
        <h1 class={`tone-${pulse.tone}`}>
          <span role="status" safe>{`${pulse.word}.`}</span>
        </h1>{" "}
        <p>{live ? <LiveSentence run={last} /> : <RestSentence overview={overview} />}</p>{" "}
        <p role="status" class={needs > 0 ? "statement-needs" : undefined} safe>
          {needs === 0 ? "All is quiet." : `${plural(needs, "thing")} need${needs === 1 ? "s" : ""} you.`}
        </p>
        {dryRun === null ? null : <DryRun run={dryRun} />}
      </div>
      {mayChange ? (
        <form method="post" action="/heartbeats" class="wake">
          <button class="primary" disabled={busy}>
            {busy ? "Running…" : "Run now"}
          </button>
          <button name="dry_run" value="1" disabled={busy} title="The agent reads, and nothing that it writes is sent">
            Dry run
          </button>
        </form>
      ) : null}
    </header>
  );
}

/** The newest dry run: beside the heartbeats, because it is none of them. */
function DryRun({ run }: { run: Run }) {
  const { word } = wordingOfRun(run);
  return (
    <p class="statement-aside">
      <a href={`/runs/${run.id}`}>Dry run</a>
      <span safe>{`: ${word.toLowerCase()}, `}</span>
      <Time at={run.finished_at ?? run.started_at ?? run.created_at} />
      {isLive(run) ? ". Nothing is sent." : ". Nothing was sent."}
    </p>
  );
}

function LiveSentence({ run }: { run: Run }) {
  return (
    <>
      {"Heartbeat started "}
      <Time at={run.started_at ?? run.created_at} />
      <span safe>{`, ${plural(run.calls, "call")} and ${plural(run.action_count, "action")} so far.`}</span>
    </>
  );
}

function RestSentence({ overview: { last_run: last, next_run_at: nextAt, paused } }: { overview: Overview }) {
  return (
    <>
      {last === null ? "No heartbeat yet" : "Last heartbeat "}
      {last === null ? null : <Time at={last.finished_at ?? last.created_at} />}
      {paused === null ? null : <PausedWords pause={paused} />}
      {paused !== null ? null : nextAt === null ? ", none is scheduled." : last === null ? ", the first " : ", next "}
      {nextAt === null ? null : <Time at={nextAt} due />}
      {nextAt === null ? null : "."}
    </>
  );
}

function PausedWords({ pause }: { pause: NonNullable<Overview["paused"]> }) {
  return (
    <>
      {", none is woken until you "}
      <a href="/jobs#heartbeat">resume</a>
      {" them: "}
      <Untrusted text={pause.reason} max={200} />
    </>
  );
}

function Needs({ needs }: { needs: Need[] }) {
  if (needs.length === 0)
    return <p class="quiet-note">Nothing: no proposal, no request, no urgent event, no heartbeat or account in trouble.</p>;
  return (
    <ul class="needs">
      {needs.map((need) => (
        <li class={`tone-${need.tone}`}>
          <Icon name={need.tone} />
          <div>
            <p class="needs-what">
              {need.href === null ? (
                <span safe>{need.what}</span>
              ) : (
                <a href={need.href} data-item safe>
                  {need.what}
                </a>
              )}
            </p>
            {need.detail === null ? null : (
              <p class="needs-detail">
                <Untrusted text={need.detail} max={240} />
              </p>
            )}
          </div>
        </li>
      ))}
    </ul>
  );
}
