import type { TranscriptLine } from "../server/runs/schema.ts";
import { Untrusted, UntrustedBlock } from "./parts.tsx";
import { entriesOf } from "./stream-json.ts";
import type { Entry } from "./stream-json.ts";

const SHOWN_CHARACTERS = 1500;
const RAW_CHARACTERS = 4000;

/** Lines of what the agent's process printed, read for people: items of a list. */
export function Lines({ lines, run }: { lines: TranscriptLine[]; run: string }) {
  return (
    <>
      {lines.map((line) => (
        <Line line={line} run={run} />
      ))}
    </>
  );
}

function Line({ line: { seq, stream, line }, run }: { line: TranscriptLine; run: string }) {
  if (stream === "gap") {
    return (
      <li id={`line-${seq}`} class="gap">
        Lines were left out here. <Untrusted text={line} max={200} />
      </li>
    );
  }
  const entries = stream === "stdout" ? entriesOf(line) : null;
  return (
    <li id={`line-${seq}`}>
      <a class="seq" href={`/runs/${run}?tab=log&from=${Math.max(0, seq - 5)}#line-${seq}`} aria-label={`Line ${seq}`} data-item>
        {seq}
      </a>
      <div>{entries === null ? <Bare stream={stream} line={line} /> : <Read entries={entries} seq={seq} line={line} />}</div>
    </li>
  );
}

function Bare({ stream, line }: { stream: "stdout" | "stderr"; line: string }) {
  return (
    <div class={stream === "stderr" ? "entry entry-failed" : "entry"}>
      <p class="entry-what">{stream === "stderr" ? "Error output" : "Output"}</p>
      <p class="entry-text data">
        <Untrusted text={line} max={SHOWN_CHARACTERS} />
      </p>
    </div>
  );
}

function Read({ entries, seq, line }: { entries: Entry[]; seq: number; line: string }) {
  return (
    <>
      {entries.map((entry) => (
        <div class={["entry", `entry-${entry.kind}`, entry.failed && "entry-failed"]}>
          <p class="entry-what" safe>
            {entry.what}
          </p>
          <p class={entry.kind === "says" ? "entry-text" : "entry-text data"}>
            {entry.name === null ? null : (
              <b>
                <Untrusted text={entry.name} max={80} />{" "}
              </b>
            )}
            <Untrusted text={entry.text} max={SHOWN_CHARACTERS} />
          </p>
        </div>
      ))}
      <details class="raw" id={`raw-${seq}`}>
        <summary>Raw</summary>
        <UntrustedBlock text={line} max={RAW_CHARACTERS} />
      </details>
    </>
  );
}
