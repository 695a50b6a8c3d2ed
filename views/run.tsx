import type { BandCounts, CallExposure, ToolCall } from "../server/calls/schema.ts";
import type { Explanation } from "../server/filter/explain/schema.ts";
import type { Run, RunDetail, TranscriptLine } from "../server/runs/schema.ts";
import type { SecurityEvent } from "../server/security/schema.ts";
import { ActionList } from "./actions.tsx";
import { EventList } from "./events.tsx";
import { count, duration, money, plain, plural, secondsBetween } from "./format.ts";
import { Layout } from "./layout.tsx";
import { Followed } from "./live.tsx";
import { Badge, Fact, Section, Time, Untrusted, UntrustedBlock } from "./parts.tsx";
import { stateOfRun } from "./state.ts";
import { Timeline } from "./timeline.tsx";
import { Transcript } from "./transcript.tsx";
import { DRY_RUN, explanationOf, isLive, MODE, TRIGGER, wordingOfRun } from "./words.ts";

/**
 * `calls` in their order; `exposures` only those that did not simply pass; `bands` by call id; `inputs` the original texts of the
 * exposures by content hash (hostile), `explanations` what the present filter finds in them by exposure id; `transcript_total` how many lines are kept, of which `transcript` holds the last.
 */
type RunProps = {
  run: RunDetail;
  calls: ToolCall[];
  exposures: CallExposure[];
  bands: Record<string, BandCounts>;
  inputs: Record<string, string>;
  explanations: Record<string, Explanation>;
  transcript: TranscriptLine[];
  transcript_total: number;
  events: SecurityEvent[];
};

/** A run as a whole page, under the banner of the run's own mode. */
export function RunPage(props: RunProps) {
  const { run } = props;
  return (
    <Layout title={titleOf(run)} current="Runs" mode={run.mode} state={stateOfRun(run)}>
      <p class="trail">
        <a href="/runs">Runs</a>
      </p>
      <RunPanel {...props} />
    </Layout>
  );
}

/** Everything that is known of a run: the whole page but the way back, and the fragment that replaces it while the run lives. */
export function RunPanel({ run, calls, exposures, bands, inputs, explanations, transcript, transcript_total, events }: RunProps) {
  const stream = isLive(run) ? `/live?run=${run.id}` : null;
  return (
    <Followed id="run" url={`/runs/${run.id}`} stream={stream} title={titleOf(run)} state={stateOfRun(run)}>
      <Statement run={run} />
      <Facts run={run} />
      {run.summary === null ? null : (
        <Section id="summary" title="Summary" note="the agent's own words, not checked">
          <blockquote class="own-words">
            <UntrustedBlock text={run.summary} />
          </blockquote>
        </Section>
      )}
      <Section id="timeline" title="Timeline" note={calls.length === 0 ? undefined : timelineNote(calls)}>
        <Timeline run={run} calls={calls} exposures={exposures} bands={bands} inputs={inputs} explanations={explanations} />
      </Section>
      <Section
        id="actions"
        title="Actions"
        note={run.mode === "dry_run" ? "what would change anything was not sent" : "as the server carried them out"}
      >
        <ActionList actions={run.actions} empty="It did nothing that others can see." />
      </Section>
      <Section id="events" title="Security">
        <EventList events={events} empty="No security events are on record for this run." />
      </Section>
      <Section id="transcript" title="Transcript" note="what its process printed">
        <Transcript lines={transcript} total={transcript_total} />
      </Section>
    </Followed>
  );
}

function titleOf(run: Run): string {
  return `Run: ${wordingOfRun(run).word.toLowerCase()}`;
}

function timelineNote(calls: ToolCall[]): string {
  const writes = calls.filter((call) => call.is_write).length;
  return `${plural(calls.length - writes, "read")}, ${plural(writes, "write")}`;
}

function Statement({ run }: { run: Run }) {
  const { word, tone } = wordingOfRun(run);
  const explanation = explanationOf(run);
  return (
    <header class="statement">
      <div class="statement-words">
        <h1 class={`tone-${tone}`}>
          <span role="status" safe>{`${word}.`}</span>
        </h1>{" "}
        <p safe>{deeds(run)}</p>
        {run.mode === "dry_run" ? (
          <p class="statement-aside">
            <Badge wording={DRY_RUN} />
          </p>
        ) : null}
        {explanation === null && run.detail === null ? null : (
          <div class={["why", `tone-${tone}`]}>
            {explanation === null ? null : <p safe>{explanation}</p>}
            {run.detail === null ? null : (
              <p>
                <Untrusted text={run.detail} max={600} />
              </p>
            )}
          </div>
        )}
      </div>
    </header>
  );
}

/** "3 actions and 14 calls in 1 min 12 s, for $0.082." */
function deeds(run: Run): string {
  if (run.started_at === null) return "It never began.";
  const time = run.finished_at === null && !isLive(run) ? "" : ` in ${duration(secondsBetween(run.started_at, run.finished_at))}`;
  const cost = run.cost_usd === null ? "" : `, for ${money(run.cost_usd)}`;
  const withheld = run.withheld === 0 ? "" : ` ${plural(run.withheld, "text")} withheld from it.`;
  return `${plural(run.action_count, "action")} and ${plural(run.calls, "call")}${time}${cost}.${withheld}`;
}

function Facts({ run }: { run: Run }) {
  return (
    <dl class="facts run-facts">
      <Fact label="Status">
        <span safe>
          {run.outcome === null || run.outcome === "unknown" ? plain(run.status) : `${plain(run.status)}, ${plain(run.outcome)}`}
        </span>
      </Fact>
      {run.skip_reason === null ? null : (
        <Fact label="Skipped for">
          <span safe>{plain(run.skip_reason)}</span>
        </Fact>
      )}
      <Fact label="Woken by">
        <span safe>{`${TRIGGER[run.trigger]} (${plain(run.kind)}, ${MODE[run.mode].toLowerCase()})`}</span>
      </Fact>
      <Fact label="Agent">
        <Untrusted text={run.agent_name} max={64} />
      </Fact>
      <Fact label="Began">
        <Time at={run.started_at ?? run.created_at} />
      </Fact>
      <Fact label="Prompt">
        <span safe>
          {run.prompt_version === null
            ? "–"
            : `version ${run.prompt_version}${run.prompt_source === "cache" ? ", from the copy on disk" : ""}`}
        </span>
      </Fact>
      <Fact label="Model">{run.model === null ? "–" : <Untrusted text={run.model} max={80} />}</Fact>
      <Fact label="Client">{run.client_version === null ? "–" : <Untrusted text={run.client_version} max={80} />}</Fact>
      <Fact label="Turns">
        <span safe>{run.turns === null ? "–" : count(run.turns)}</span>
      </Fact>
      <Fact label="Tokens">
        <span safe>{tokens(run)}</span>
      </Fact>
      <Fact label="Exit code">
        <span safe>{run.exit_code === null ? "–" : String(run.exit_code)}</span>
      </Fact>
      <Fact label="Session">
        <span class="data">{run.session_id === null ? "–" : <Untrusted text={run.session_id} max={80} />}</span>
      </Fact>
      <Fact label="Run">
        <code safe>{run.id}</code>
      </Fact>
    </dl>
  );
}

function tokens(run: Run): string {
  if (run.input_tokens === null && run.output_tokens === null) return "–";
  const cache = (run.cache_read_tokens ?? 0) + (run.cache_creation_tokens ?? 0);
  const cached = cache === 0 ? "" : `, ${count(cache)} through the cache`;
  return `${count(run.input_tokens ?? 0)} in, ${count(run.output_tokens ?? 0)} out${cached}`;
}
