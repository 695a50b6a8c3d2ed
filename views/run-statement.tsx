import type { Run } from "../server/runs/schema.ts";
import { duration, money, plural, secondsBetween } from "./format.ts";
import { Badge, Untrusted } from "./parts.tsx";
import type { RunProps } from "./run.tsx";
import { firstFailure } from "./timeline.tsx";
import { CLAIMED, DRY_RUN, explanationOf, isLive, wordingOfRun } from "./words.ts";

/** What became of a run, in a sentence, and what can be done with it. */
export function RunStatement({ run, tab, mayChange }: RunProps) {
  const { word, tone } = wordingOfRun(run);
  const explanation = explanationOf(run);
  const failure = tab.name === "timeline" ? firstFailure(tab.course.calls, isLive(run)) : undefined;
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
        {run.kind === "claimed" ? (
          <p class="statement-aside">
            <Badge wording={CLAIMED} />
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
        {failure === undefined ? null : (
          <p class="statement-aside">
            {"First failure: "}
            <a href={`#call-${failure.id}`}>
              <Untrusted text={failure.tool} max={64} />
            </a>
          </p>
        )}
      </div>
      <div class="wake">
        {mayChange ? <Buttons run={run} /> : null}
        {isWhole(run) ? <Export run={run} /> : null}
      </div>
    </header>
  );
}

/** What can be done with a run: end it, or wake its agent once more with the prompt that is active now. */
function Buttons({ run }: { run: Run }) {
  if (isLive(run)) {
    return (
      <form method="post" action={`/runs/${run.id}/stop`} class="wake">
        <button class="danger" disabled={run.status === "stopping"}>
          {run.status === "stopping" ? "Stopping…" : "Stop"}
        </button>
      </form>
    );
  }
  if (run.kind !== "heartbeat") return null;
  return (
    <form method="post" action="/heartbeats" class="wake">
      <button title="Wakes the agent with the prompt that is active now">Run again</button>
      <button name="dry_run" value="1" title="The agent reads, and nothing that it writes is sent">
        Dry run
      </button>
    </form>
  );
}

/** Whether its record can be had as evidence: that of a heartbeat goes on until it has ended. */
export function isWhole(run: Run): boolean {
  return run.kind !== "heartbeat" || !isLive(run);
}

/** Its record as a file. */
function Export({ run }: { run: Run }) {
  return (
    <form method="get" action={`/api/runs/${run.id}/evidence`}>
      <button title="All that is on record of this run, with what the audit chain tells of it, as NDJSON">Export evidence</button>
    </form>
  );
}

/** "3 actions and 14 calls in 1 min 12 s, for $0.082." */
function deeds(run: Run): string {
  if (run.started_at === null) return "It never began.";
  // A number and its unit stay in one line.
  const took = duration(secondsBetween(run.started_at, run.finished_at)).replaceAll(/(?<=\d) /g, "\u00a0");
  const time = run.finished_at === null && !isLive(run) ? "" : ` in ${took}`;
  const cost = run.cost_usd === null ? "" : `, for ${money(run.cost_usd)}`;
  const withheld = run.withheld === 0 ? "" : ` ${plural(run.withheld, "text")} withheld from it.`;
  return `${plural(run.action_count, "action")} and ${plural(run.calls, "call")}${time}${cost}.${withheld}`;
}
