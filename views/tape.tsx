import type { Run } from "../server/runs/schema.ts";
import { absolute, plural, relative } from "./format.ts";
import { Icon } from "./icons.tsx";
import { Empty, Time } from "./parts.tsx";
import { wordingOfRun } from "./words.ts";

const HEIGHT = 44;
const TALLEST_CALLS = 100;

/** The newest runs as a strip chart, oldest at the left, the next heartbeat at its end. A bar is as tall as its run had calls (log scale). */
export function Tape({ runs, nextAt }: { runs: Run[]; nextAt: string | null }) {
  if (runs.length === 0 && nextAt === null) return <Empty>No heartbeat has run, and none is scheduled.</Empty>;
  return (
    <ol class="tape">
      {runs.toReversed().map((run) => (
        <Cell run={run} />
      ))}
      {nextAt === null ? null : (
        <li class="tape-next" id="tape-next">
          <span class="tape-bar" />
          <span class="tape-word">Next</span>
          <span class="tape-when">
            <Time at={nextAt} due />
          </span>
        </li>
      )}
    </ol>
  );
}

function Cell({ run }: { run: Run }) {
  const { word, tone } = wordingOfRun(run);
  const height = heightOf(run.calls);
  const spoken = `${word}, ${relative(run.created_at)}, ${plural(run.calls, "call")}, ${plural(run.action_count, "action")}, ${run.withheld} withheld`;
  return (
    <li id={`tape-${run.id}`} class={`tone-${tone}`}>
      <a href={`/runs/${run.id}`} data-item aria-label={spoken} title={`${word}, ${absolute(run.created_at)}`}>
        <svg class="tape-bar" viewBox={`0 0 20 ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
          <rect x="0" y={HEIGHT - height} width="20" height={height} />
        </svg>
        <span class="tape-word">
          <Icon name={tone} />
        </span>
        <span class="tape-when">
          <Time at={run.created_at} />
        </span>
      </a>
    </li>
  );
}

function heightOf(calls: number): number {
  return Math.round(2 + (HEIGHT - 2) * Math.min(1, Math.log1p(calls) / Math.log1p(TALLEST_CALLS)));
}
