import { absolute, count, plural } from "./format.ts";

/** One day (`date`, YYYY-MM-DD) and its values, in the order of the chart's `columns`. */
export type Bar = { date: string; values: number[] };

const HEIGHT = 60;
const STEP = 10;

/**
 * A bar for each day, as tall as its first value; the second value, a part of the first, is marked in it. `columns` name the values; `unit` is what
 * the first one counts, in the singular. Drawn on the server, and told as a table to whoever does not see it.
 */
export function Chart({ id, title, unit, columns, bars }: { id: string; title: string; unit: string; columns: string[]; bars: Bar[] }) {
  const most = Math.max(1, ...bars.map(({ values }) => values[0] ?? 0));
  const total = bars.reduce((sum, { values }) => sum + (values[0] ?? 0), 0);
  const highest = Math.max(0, ...bars.map(({ values }) => values[0] ?? 0));
  const tall = (value: number) => (value === 0 ? 0 : Math.max(1, Math.round((value / most) * HEIGHT)));
  return (
    <figure class="chart">
      <svg viewBox={`0 0 ${bars.length * STEP} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-labelledby={`${id}-title ${id}-desc`}>
        <title id={`${id}-title`} safe>
          {title}
        </title>
        <desc id={`${id}-desc`} safe>
          {`${plural(total, unit)} in ${plural(bars.length, "day")}, at most ${count(highest)} on one day.`}
        </desc>
        {bars.map(({ values: [whole = 0, part = 0] }, index) => (
          <>
            <rect class="chart-whole" x={index * STEP + 1} y={HEIGHT - tall(whole)} width={STEP - 2} height={tall(whole)} />
            {part > 0 ? (
              <rect class="chart-part" x={index * STEP + 1} y={HEIGHT - tall(part)} width={STEP - 2} height={tall(part)} />
            ) : null}
          </>
        ))}
      </svg>
      <figcaption>
        <span safe>{bars[0]?.date ?? ""}</span>
        <span safe>{`at most ${count(highest)} a day`}</span>
        <span safe>{bars.at(-1)?.date ?? ""}</span>
      </figcaption>
      <details id={`${id}-table`}>
        <summary>As a table</summary>
        <table class="chart-table">
          <caption class="visually-hidden" safe>
            {title}
          </caption>
          <thead>
            <tr>
              <th scope="col">Day</th>
              {columns.map((column) => (
                <th scope="col" class="number" safe>
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {bars
              .filter(({ values }) => values.some((value) => value > 0))
              .toReversed()
              .map(({ date, values }) => (
                <tr>
                  <th scope="row">
                    <time datetime={date} title={absolute(date)} safe>
                      {date}
                    </time>
                  </th>
                  {values.map((value) => (
                    <td class="number" safe>
                      {count(value)}
                    </td>
                  ))}
                </tr>
              ))}
          </tbody>
        </table>
        <p class="fresh">Days without anything are left out.</p>
      </details>
    </figure>
  );
}
