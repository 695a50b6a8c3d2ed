import type { Stats } from "../server/stats/schema.ts";
import type { Series } from "./chart.tsx";
import { DayChart, DayTable } from "./chart.tsx";
import { count, duration, money, plural, relative } from "./format.ts";
import { Figure, Time } from "./parts.tsx";

/** What a chart of the last days is drawn from. */
export type ChartDay = { date: string; runs: number; failed: number; actions: number };

/** The figures of everything on record, and how fresh they are. */
export function Figures({ stats }: { stats: Stats }) {
  const ended = stats.successful_runs + stats.failed_runs;
  const average = stats.avg_duration_seconds;
  const last = stats.last_run_at;
  return (
    <>
      <dl class="figures">
        <Figure
          label="Total runs"
          value={count(stats.total_runs)}
          note={average === null ? undefined : `${duration(average)} on average`}
        />
        <Figure
          label="Success rate"
          value={ended === 0 ? "–" : `${Math.floor((stats.successful_runs / ended) * 100)} %`}
          note={ended === 0 ? "no run has ended" : `${count(stats.failed_runs)} failed`}
        />
        <Figure label="Actions" value={count(stats.total_actions)} />
        <Figure label="Upvotes" value={count(stats.total_upvotes)} />
        <Figure label="Comments" value={count(stats.total_comments)} />
        <Figure label="Posts" value={count(stats.total_posts)} />
        <Figure label="Last run" value={last === null ? "–" : relative(last)} note={last === null ? "none has begun" : undefined} />
        <Figure label="Calls" value={count(stats.total_calls)} />
        <Figure label="Withheld" value={count(stats.total_withheld)} note="kept from the agent" />
        <Figure label="Cost" value={money(stats.total_cost_usd)} note="as its client reports" />
      </dl>
      <p class="fresh">
        {"Counted "}
        <Time at={stats.fresh_at} />
      </p>
    </>
  );
}

/** Runs and actions by day, as bars and as a table. */
export function Days({ days }: { days: ChartDay[] }) {
  const dates = days.map(({ date }) => date);
  const runs: Series[] = [
    { name: "Without fault", tone: "live", values: days.map((day) => Math.max(0, day.runs - day.failed)) },
    { name: "Failed", tone: "bad", values: days.map(({ failed }) => failed) },
  ];
  const actions: Series[] = [{ name: "Actions", tone: "live", values: days.map((day) => day.actions) }];
  return (
    <>
      <div class="charts">
        <DayChart id="chart-runs" title="Runs" dates={dates} series={runs} />
        <DayChart id="chart-actions" title="Actions" dates={dates} series={actions} />
      </div>
      <DayTable id="chart-table" dates={dates} series={[...runs, ...actions]} />
    </>
  );
}

/** "30 days": how many there are. */
export function spanOf(days: ChartDay[]): string {
  return plural(days.length, "day");
}
