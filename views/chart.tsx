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
          <g class="chart-day">
            <title safe>{wordsOf(date, day, series)}</title>
            <rect class="chart-room" x={day * STEP} y="0" width={STEP - GAP} height={HEIGHT} />
            <Stack day={day} series={series} scale={HEIGHT / tallest} />
          </g>
        ))}
      </svg>
      <p class="chart-ends" aria-hidden="true">
        <span safe>{dates[0] ?? ""}</span>
        <span safe>{dates.at(-1) ?? ""}</span>
      </p>
    </figure>
  );
}

/** A day's bars upon each other, the first at the bottom. */
function Stack({ day, series, scale }: { day: number; series: Series[]; scale: number }) {
  const heights = series.map(({ values }) => (values[day] ?? 0) * scale);
  const topOf = (index: number) => HEIGHT - heights.slice(0, index + 1).reduce((sum, height) => sum + height, 0);
  return (
    <>
      {series.map(({ tone }, index) => (
        <rect
          class={`tone-${tone}`}
          x={day * STEP}
          y={topOf(index).toFixed(2)}
          width={STEP - GAP}
          height={(heights[index] ?? 0).toFixed(2)}
        />
      ))}
    </>
  );
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
              <th scope="col" class="number" safe>
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
                <td class="number" safe>
                  {count(values[day] ?? 0)}
                </td>
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
