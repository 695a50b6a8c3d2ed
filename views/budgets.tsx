import type { AccountHealth, Budget } from "../server/account/schema.ts";
import { BUDGET } from "./account-words.ts";
import { count } from "./format.ts";
import { Time } from "./parts.tsx";

/** What of Moltbook's limits is used and left, and when one more is free. */
export function Budgets({ budgets, health }: { budgets: Budget[]; health: AccountHealth }) {
  return (
    <>
      <table class="budgets" role="table">
        <thead>
          <tr role="row">
            <th role="columnheader" scope="col">
              What
            </th>
            <th role="columnheader" scope="col">
              Limit
            </th>
            <th role="columnheader" scope="col" class="number">
              Used
            </th>
            <th role="columnheader" scope="col" class="number">
              Left
            </th>
            <th role="columnheader" scope="col">
              Next free
            </th>
          </tr>
        </thead>
        <tbody>
          {budgets.map((budget) => (
            <BudgetRow budget={budget} now={health.fresh_at} />
          ))}
        </tbody>
      </table>
      <p class="fresh">
        {"Counted from our own calls and Moltbook's answers "}
        <Time at={health.fresh_at} />
      </p>
    </>
  );
}

function BudgetRow({ budget, now }: { budget: Budget; now: string }) {
  const { most, seconds, used, left, next_in_s } = budget;
  return (
    <tr role="row" class={left === 0 ? "spent" : undefined}>
      <th role="rowheader" scope="row" safe>
        {BUDGET[budget.class]}
      </th>
      <td role="cell" safe>
        {limitOf(most, seconds)}
      </td>
      <td role="cell" class="number" safe>
        {count(used)}
      </td>
      <td role="cell" class="number" safe>
        {count(left)}
      </td>
      <td role="cell">{next_in_s === 0 ? "now" : <Time at={new Date(Date.parse(now) + next_in_s * 1000).toISOString()} due />}</td>
    </tr>
  );
}

/** "60 a minute", "1 in 30 min"; a window that is a little longer than Moltbook's is called by Moltbook's name. */
function limitOf(most: number, seconds: number): string {
  const [size, unit, one] = UNITS.find(([least]) => seconds >= least) ?? [1, "s", "a second"];
  const units = Math.round(seconds / size);
  return `${count(most)} ${units === 1 ? one : `in ${units} ${unit}`}`;
}

const UNITS: [size: number, unit: string, one: string][] = [
  [86_400, "d", "a day"],
  [3600, "h", "an hour"],
  [60, "min", "a minute"],
];
