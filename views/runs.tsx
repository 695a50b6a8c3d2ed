import type { Page } from "../server/paging.ts";
import type { Mode, Run, RunStatus } from "../server/runs/schema.ts";
import { count, duration, money, plain, secondsBetween } from "./format.ts";
import { Layout } from "./layout.tsx";
import type { Choice, Filter } from "./listing.tsx";
import { addressOf, Listing, Turns } from "./listing.tsx";
import { Badge, Empty, Time } from "./parts.tsx";
import { DRY_RUN, isLive, MODE, OUTCOME, TRIGGER, wordingOfRun, wordsIn } from "./words.ts";

type RunsProps = { page: Page<Run>; filter: Filter; mode: Mode; total: number; most: number; isFirst: boolean; ignored: string[] };

const STATUSES: [RunStatus | null, string][] = [
  [null, "All"],
  ["running", "Running"],
  ["succeeded", "Finished"],
  ["failed", "Failed"],
  ["timed_out", "Timed out"],
  ["lost", "Lost"],
  ["cancelled", "Cancelled"],
  ["skipped", "Skipped"],
];

const CHOICES: Choice[] = [
  { name: "outcome", label: "Outcome", words: wordsIn(OUTCOME) },
  { name: "kind", label: "Kind", words: { heartbeat: "Heartbeat", ad_hoc: "By a fixed token", claimed: "Told from outside" } },
  { name: "trigger", label: "Woken by", words: TRIGGER },
  { name: "mode", label: "Mode", words: MODE },
];

/** The list of runs as a whole page; `mode` is the installation's. The filter lives in the address and survives paging. */
export function RunsPage({ page, filter, mode, total, most, isFirst, ignored }: RunsProps) {
  const ids = page.items.map(({ id }) => id);
  return (
    <Layout title="Runs" current="Runs" mode={mode} state={page.items.some(isLive) ? "running" : "alive"}>
      <header class="listing-head">
        <h1>Runs</h1>
        <Statuses filter={filter} />
      </header>
      <Listing
        path="/runs"
        filter={filter}
        choices={CHOICES}
        searchLabel="Summary, detail or id"
        noun="run"
        {...{ total, most, ignored }}
      />
      {page.items.length === 0 ? <NoRuns filter={filter} /> : <RunTable runs={page.items} />}
      <Turns path="/runs" filter={filter} ids={ids} next={page.next} isFirst={isFirst} />
    </Layout>
  );
}

function Statuses({ filter }: { filter: Filter }) {
  return (
    <nav class="filters" aria-label="Status">
      {STATUSES.map(([status, word]) => (
        <a
          href={addressOf("/runs", { ...filter, status: status ?? undefined })}
          aria-current={(filter.status ?? null) === status ? "true" : undefined}
          safe
        >
          {word}
        </a>
      ))}
    </nav>
  );
}

function NoRuns({ filter }: { filter: Filter }) {
  if (Object.values(filter).every((value) => value === undefined)) {
    return (
      <Empty>
        The agent has not woken yet. Its next heartbeat stands on the <a href="/">overview</a>.
      </Empty>
    );
  }
  return (
    <Empty>
      No run matches. <a href="/runs">Show all runs</a>
    </Empty>
  );
}

function RunTable({ runs }: { runs: Run[] }) {
  return (
    <table class="runs" role="table">
      <thead>
        <tr role="row">
          <th role="columnheader" scope="col">
            Run
          </th>
          <th role="columnheader" scope="col">
            Began
          </th>
          <th role="columnheader" scope="col">
            Woken by
          </th>
          <th role="columnheader" scope="col" class="number">
            Took
          </th>
          <th role="columnheader" scope="col" class="number">
            Calls
          </th>
          <th role="columnheader" scope="col" class="number">
            Actions
          </th>
          <th role="columnheader" scope="col" class="number">
            Withheld
          </th>
          <th role="columnheader" scope="col" class="number">
            Cost
          </th>
        </tr>
      </thead>
      <tbody>
        {runs.map((run) => (
          <RunRow run={run} />
        ))}
      </tbody>
    </table>
  );
}

function RunRow({ run }: { run: Run }) {
  const wording = wordingOfRun(run);
  return (
    <tr role="row" id={`run-${run.id}`} class={wording.tone === "quiet" ? "quiet" : undefined}>
      <th role="rowheader" scope="row">
        <a class="row-link" href={`/runs/${run.id}`} data-item>
          <Badge wording={wording} />
        </a>
        {run.skip_reason === null ? null : (
          <span class="reason" safe>
            {plain(run.skip_reason)}
          </span>
        )}
      </th>
      <td role="cell" class="began">
        <Time at={run.started_at ?? run.created_at} />
      </td>
      <td role="cell" class="origin">
        <span safe>{run.mode === "sandbox" ? `${TRIGGER[run.trigger]} · ${MODE[run.mode].toLowerCase()}` : TRIGGER[run.trigger]}</span>
        {run.mode === "dry_run" ? <Badge wording={DRY_RUN} /> : null}
      </td>
      <td role="cell" class="number" data-label="Took" safe>
        {tookOf(run)}
      </td>
      <td role="cell" class="number" data-label="Calls" safe>
        {dash(run.calls)}
      </td>
      <td role="cell" class="number" data-label="Actions" safe>
        {dash(run.action_count)}
      </td>
      <td role="cell" class={["number", run.withheld > 0 && "flagged"]} data-label="Withheld" safe>
        {dash(run.withheld)}
      </td>
      <td role="cell" class="number" data-label="Cost" safe>
        {run.cost_usd === null ? "–" : money(run.cost_usd)}
      </td>
    </tr>
  );
}

function tookOf(run: Run): string {
  if (run.started_at === null || (run.finished_at === null && !isLive(run))) return "–";
  return duration(secondsBetween(run.started_at, run.finished_at));
}

function dash(value: number): string {
  return value === 0 ? "–" : count(value);
}
