import type { JobResult, ScheduledJob } from "../server/jobs/schema.ts";
import type { Mode } from "../server/runs/schema.ts";
import { duration, secondsBetween } from "./format.ts";
import { Layout } from "./layout.tsx";
import { Followed } from "./live.tsx";
import { Badge, Empty, Fact, Section, Time, Untrusted } from "./parts.tsx";
import type { State } from "./state.ts";
import type { Wording } from "./words.ts";

const LOST_SECONDS = 15 * 60;

/** `mayChange`: whether its reader may run and pause them. */
type JobsProps = { jobs: ScheduledJob[]; mode: Mode; mayChange: boolean };

/** The schedule as a whole page. `fault` says why something was not done. */
export function JobsPage({ jobs, mode, mayChange, fault }: JobsProps & { fault: string | null }) {
  return (
    <Layout title="Jobs" current="Jobs" mode={mode} state={stateOf(jobs)}>
      {fault === null ? null : (
        <p class="notice tone-bad" role="alert">
          <Untrusted text={fault} max={600} />
        </p>
      )}
      <JobsPanel jobs={jobs} mode={mode} mayChange={mayChange} />
    </Layout>
  );
}

/** Every job that runs by itself: the page's content and the fragment that replaces it. */
export function JobsPanel({ jobs, mayChange }: JobsProps) {
  return (
    <Followed id="jobs" url="/jobs" stream="/live?about=jobs" title="Jobs" state={stateOf(jobs)}>
      <header class="listing-head">
        <h1>Jobs</h1>
        <p class="section-note">
          What runs by itself. Each of them, and more, can be started by hand as well: <code>bun run job</code>
        </p>
      </header>
      {jobs.map((job) => (
        <Job job={job} mayChange={mayChange} />
      ))}
    </Followed>
  );
}

/** A job whose last carrying out failed wants somebody to look. */
function stateOf(jobs: ScheduledJob[]): State {
  return jobs.some(({ last_results: [last] }) => last !== undefined && wordingOf(last).tone === "bad") ? "attention" : "alive";
}

function Job({ job, mayChange }: { job: ScheduledJob; mayChange: boolean }) {
  const { name, summary, timezone, in_words, paused, next_runs, last_results } = job;
  return (
    <Section id={name} title={name} note={in_words}>
      <div class="job">
        <div class="job-head">
          <p safe>{summary}</p>
          {mayChange ? <Buttons job={job} /> : null}
        </div>
        {paused === null ? null : (
          <p class="notice tone-warn">
            <strong>Paused </strong>
            <Time at={paused.paused_at} />
            {" by "}
            <Untrusted text={paused.paused_by} max={60} />: <Untrusted text={paused.reason} max={500} />
          </p>
        )}
        <dl class="facts job-facts">
          <Fact label={paused === null ? "Next" : "Would be due"}>
            {next_runs.length === 0 ? "Never: no date fits this schedule" : <NextRuns times={next_runs} timezone={timezone} />}
          </Fact>
          <Fact label="Last results">
            {last_results.length === 0 ? (
              <Empty>Neither the schedule nor this page has run it yet.</Empty>
            ) : (
              <Results results={last_results} />
            )}
          </Fact>
        </dl>
      </div>
    </Section>
  );
}

function Buttons({ job: { name, paused, last_results } }: { job: ScheduledJob }) {
  const [last] = last_results;
  const running = last !== undefined && wordingOf(last).tone === "live";
  return (
    <div class="job-buttons">
      <form method="post" action={`/jobs/${name}/run`}>
        <button disabled={running} aria-label={running ? undefined : `Run now: ${name}`}>
          {running ? "Running…" : "Run now"}
        </button>
      </form>
      {paused === null ? (
        <details id={`pause-${name}`} class="job-pause">
          <summary aria-label={`Pause ${name}`}>Pause</summary>
          <form method="post" action={`/jobs/${name}/pause`}>
            <label for={`reason-${name}`}>Why it is paused</label>
            <input id={`reason-${name}`} name="reason" required maxlength="500" autocomplete="off" />
            <button>Pause it</button>
          </form>
        </details>
      ) : (
        <form method="post" action={`/jobs/${name}/resume`}>
          <button class="primary" aria-label={`Resume ${name}`}>
            Resume
          </button>
        </form>
      )}
    </div>
  );
}

function NextRuns({ times, timezone }: { times: string[]; timezone: string }) {
  return (
    <ol class="next-runs">
      {times.map((time) => (
        <li>
          <Time at={time} due /> <span safe>{clock(time, timezone)}</span>
        </li>
      ))}
    </ol>
  );
}

/** "Wed 14:30", in the schedule's own time zone. */
function clock(at: string, timeZone: string): string {
  return new Intl.DateTimeFormat("en-GB", { timeZone, weekday: "short", hour: "2-digit", minute: "2-digit" })
    .format(new Date(at))
    .replace(",", "");
}

function Results({ results }: { results: JobResult[] }) {
  return (
    <ol class="results">
      {results.map((result) => (
        <li>
          <Badge wording={wordingOf(result)} />
          <span>
            <Time at={result.started_at} />
            <span safe>{tookOf(result)}</span>
            {result.asked_by === null ? null : (
              <>
                {", asked for by "}
                <Untrusted text={result.asked_by} max={60} />
              </>
            )}
          </span>
          {result.detail === null ? null : (
            <span class="results-detail">
              <Untrusted text={result.detail} max={300} />
            </span>
          )}
        </li>
      ))}
    </ol>
  );
}

/** What has not ended after a quarter of an hour has lost its process: then it can be started again. */
function wordingOf({ started_at, finished_at, ok }: JobResult): Wording {
  if (finished_at === null && secondsBetween(started_at, null) > LOST_SECONDS) return { word: "Lost", tone: "warn" };
  if (finished_at === null) return { word: "Running", tone: "live" };
  return ok === true ? { word: "Done", tone: "ok" } : { word: "Failed", tone: "bad" };
}

function tookOf({ started_at, finished_at }: JobResult): string {
  return finished_at === null ? "" : `, ${duration(secondsBetween(started_at, finished_at))}`;
}
