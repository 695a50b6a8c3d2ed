import type { TranscriptLine } from "../server/runs/schema.ts";
import { count, plural } from "./format.ts";
import { Empty, Untrusted, UntrustedBlock } from "./parts.tsx";
import { entriesOf } from "./stream-json.ts";
import type { Entry } from "./stream-json.ts";

const SHOWN_CHARACTERS = 1500;
const RAW_CHARACTERS = 4000;

/** What the agent's process printed, line by line, read for people; `lines` are the last of `total`. */
export function Transcript({ lines, total }: { lines: TranscriptLine[]; total: number }) {
  if (lines.length === 0) return <Empty>Nothing was printed, or it is no longer kept.</Empty>;
  return (
    <>
      {total > lines.length ? <p class="fresh" safe>{`The last ${count(lines.length)} of ${plural(total, "line")}.`}</p> : null}
      <ol class="transcript">
        {lines.map((line) => (
          <Line line={line} />
        ))}
      </ol>
    </>
  );
}

function Line({ line: { seq, stream, line } }: { line: TranscriptLine }) {
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
      <span class="seq">{seq}</span>
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
