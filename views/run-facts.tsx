import type { Run } from "../server/runs/schema.ts";
import { ToldFacts } from "./claims.tsx";
import { count, plain } from "./format.ts";
import { Fact, Time, Untrusted } from "./parts.tsx";
import { MODE, TRIGGER } from "./words.ts";

/** What a run was: how it came about, with what, and what its client says that it used. */
export function RunFacts({ run }: { run: Run }) {
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
      <Fact label={run.status === "skipped" ? "Was due" : "Began"}>
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
      <ToldFacts run={run} />
    </dl>
  );
}

function tokens(run: Run): string {
  if (run.input_tokens === null && run.output_tokens === null) return "–";
  const cache = (run.cache_read_tokens ?? 0) + (run.cache_creation_tokens ?? 0);
  const cached = cache === 0 ? "" : `, ${count(cache)} through the cache`;
  return `${count(run.input_tokens ?? 0)} in, ${count(run.output_tokens ?? 0)} out${cached}`;
}
