import { count } from "./format.ts";
import type { Tone } from "./words.ts";

/** One kind of bar, drawn upon those before it; `values` has one number, not below 0, for each day. */
export type Series = { name: string; tone: Tone; values: number[] };

const HEIGHT = 48;
const STEP = 10;
const GAP = 2;

/**
 * Bars by day, drawn as SVG because a page may carry no styles of its own. What is to be seen is said in words as well: the sums in the label, each day in
 * its bar's title, and all of it in a table to be opened. `dates` are days in UTC (YYYY-MM-DD), oldest first.
 */
export function DayChart({ id, title, dates, series }: { id: string; title: string; dates: string[]; series: Series[] }) {
  const sums = dates.map((_, day) => series.reduce((sum, { values }) => sum + (values[day] ?? 0), 0));
  const tallest = Math.max(1, ...sums);
  return (
    <figure class="chart" id={id}>
      <figcaption>
        <span safe>{title}</span>
        <span class="dim" safe>{`at most ${count(Math.max(0, ...sums))} a day`}</span>
      </figcaption>
      <svg
        viewBox={`0 0 ${dates.length * STEP} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={labelOf(title, dates, series)}
      >
        {dates.map((date, day) => (
          <rect x={day * STEP} width={STEP - GAP} height={HEIGHT}>
            <title safe>{wordsOf(date, day, series)}</title>
          </rect>
        ))}
        {series.map(({ tone }, index) => (
          <Bars tone={tone} d={barsOf(series, index, HEIGHT / tallest)} />
        ))}
      </svg>
      <p class="chart-ends" aria-hidden="true">
        <span safe>{dates[0] ?? ""}</span>
        <span safe>{dates.at(-1) ?? ""}</span>
      </p>
      <Legend series={series} />
    </figure>
  );
}

/** What the colours mean, of kinds of which there is something, where kinds are told apart. The label says it to those who do not see them. */
function Legend({ series }: { series: Series[] }) {
  const shown = series.filter(({ values }) => values.some((value) => value > 0));
  if (series.length < 2 || shown.length === 0) return null;
  return (
    <p class="chart-legend" aria-hidden="true">
      {Object.entries(Object.groupBy(shown, ({ tone }) => tone)).map(([tone, kinds]) => (
        <span class={`tone-${tone}`}>
          <span safe>{kinds.map(({ name }, at) => (at === 0 ? name : name.toLowerCase())).join(", ")}</span>
        </span>
      ))}
    </p>
  );
}

function Bars({ tone, d }: { tone: Tone; d: string }) {
  return d === "" ? null : <path class={`tone-${tone}`} d={d} />;
}

/** One kind's bars as one path, each upon what stands below it on its day. */
function barsOf(series: Series[], index: number, scale: number): string {
  const values = series[index]?.values ?? [];
  const bars = values.map((value, day) => {
    const below = series.slice(0, index).reduce((sum, kind) => sum + (kind.values[day] ?? 0), 0);
    const bottom = HEIGHT - below * scale;
    return value === 0 ? "" : `M${day * STEP} ${bottom.toFixed(1)}v${(-value * scale).toFixed(1)}h${STEP - GAP}V${bottom.toFixed(1)}z`;
  });
  return bars.join("");
}

/** The same figures as rows, newest day first, behind a summary: for those who do not see bars, or want the numbers. */
export function DayTable({ id, dates, series }: { id: string; dates: string[]; series: Series[] }) {
  const days = dates.map((date, day) => ({ date, day })).toReversed();
  return (
    <details class="chart-table" id={id}>
      <summary>As a table</summary>
      <table class="figures-by-day">
        <thead>
          <tr>
            <th scope="col">Day (UTC)</th>
            {series.map(({ name }) => (
              <th scope="col" safe>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {days.map(({ date, day }) => (
            <tr>
              <th scope="row" safe>
                {date}
              </th>
              {series.map(({ values }) => (
                <td safe>{count(values[day] ?? 0)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

/** "Runs by day, 2026-10-27 to 2026-11-25: 212 ended well, 3 failed". */
function labelOf(title: string, dates: string[], series: Series[]): string {
  const sums = series.map(({ name, values }) => `${count(values.reduce((sum, value) => sum + value, 0))} ${name.toLowerCase()}`);
  return `${title} by day, ${dates[0] ?? ""} to ${dates.at(-1) ?? ""}: ${sums.join(", ")}`;
}

function wordsOf(date: string, day: number, series: Series[]): string {
  return `${date}: ${series.map(({ name, values }) => `${count(values[day] ?? 0)} ${name.toLowerCase()}`).join(", ")}`;
}
