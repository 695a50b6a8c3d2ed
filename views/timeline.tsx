import type { BandCounts, CallExposure, ToolCall } from "../server/calls/schema.ts";
import type { Explanation } from "../server/filter/explain/schema.ts";
import type { Background } from "../server/provenance/schema.ts";
import type { Run } from "../server/runs/schema.ts";
import type { SecurityEvent } from "../server/security/schema.ts";
import { Before } from "./before.tsx";
import { bytes, duration, secondsBetween } from "./format.ts";
import { Icon } from "./icons.tsx";
import { Badge, Empty, Fact, Untrusted } from "./parts.tsx";
import { written } from "./stream-json.ts";
import { Bands, Verdicts } from "./verdicts.tsx";
import { isLive, wordingOfCall } from "./words.ts";

const SHOWN_ARGUMENTS = 12;

/**
 * The calls of a run. `calls` in their order; `exposures` only those that did not simply pass; `bands` by call id; `inputs` the original texts of the
 * exposures by content hash (hostile), `explanations` what the present filter finds in them by exposure id; `backgrounds` what had been read before a
 * write, by its call id.
 */
export type Course = {
  calls: ToolCall[];
  exposures: CallExposure[];
  bands: Record<string, BandCounts>;
  inputs: Record<string, string>;
  explanations: Record<string, Explanation>;
  backgrounds: Record<string, Background>;
  events: SecurityEvent[];
};

/** The calls of a run in their order, on the scale of the run's own length. */
export function Timeline({ run, course }: { run: Run; course: Course }) {
  const { calls } = course;
  const live = isLive(run);
  if (calls.length === 0) return <Empty>{live ? "No call yet." : "It called no tool."}</Empty>;
  const began = run.started_at ?? calls[0]?.started_at ?? run.created_at;
  const ended = run.finished_at ?? calls.at(-1)?.finished_at ?? null;
  const length = Math.max(0.001, secondsBetween(began, live ? null : ended));
  const flagged = Map.groupBy(course.exposures, (exposure) => exposure.call_id);
  const failure = firstFailure(calls, live);
  return (
    <ol class="timeline">
      {calls.map((call) => (
        <Call
          call={call}
          live={live}
          began={began}
          length={length}
          course={course}
          flagged={flagged.get(call.id) ?? []}
          isFirstFailure={call === failure}
        />
      ))}
    </ol>
  );
}

/** The first call that went wrong, rather than being refused or told to wait. */
export function firstFailure(calls: ToolCall[], live: boolean): ToolCall | undefined {
  return calls.find((call) => wordingOfCall(call, live).tone === "bad" || call.outcome === "tool_error");
}

type CallProps = {
  call: ToolCall;
  live: boolean;
  began: string;
  length: number;
  course: Course;
  flagged: CallExposure[];
  isFirstFailure: boolean;
};

function Call({ call, live, began, length, course, flagged, isFirstFailure }: CallProps) {
  const { bands, inputs, explanations, backgrounds } = course;
  const background = backgrounds[call.id];
  const start = secondsBetween(began, call.started_at);
  const took = call.finished_at === null ? null : secondsBetween(call.started_at, call.finished_at);
  const wording = wordingOfCall(call, live);
  return (
    <li id={`call-${call.id}`} class={["call", call.is_write ? "call-write" : "call-read"]}>
      <p class="call-time">
        <span class="call-at" safe>{`+${duration(start)}`}</span>
        <Bar start={start / length} share={(took ?? (live ? length - start : 0)) / length} tone={wording.tone} />
        <span class="call-took" safe>
          {took === null ? "–" : duration(took)}
        </span>
      </p>
      <div class="call-body">
        <p class="call-head">
          <a class="call-tool" href={`#call-${call.id}`} data-item>
            <Untrusted text={call.tool} max={64} />
          </a>
          <span class="call-kind">
            <Icon name={call.is_write ? "write" : "read"} />
            {call.is_write ? "write" : "read"}
          </span>
          <Badge wording={wording} />
          <Bands counts={bands[call.id]} />
        </p>
        <Arguments value={call.arguments} />
        {call.error === null ? null : (
          <p class="call-error">
            <Untrusted text={call.error} max={500} />
          </p>
        )}
        <Verdicts exposures={flagged} inputs={inputs} explanations={explanations} />
        {background === undefined ? null : <Before call={call} background={background} />}
        <Evidence call={call} open={isFirstFailure} />
      </div>
    </li>
  );
}

/** Where in the run a call lies; drawn as SVG because the page may carry no styles of its own. */
function Bar({ start, share, tone }: { start: number; share: number; tone: string }) {
  const width = Math.max(1.2, Math.min(1, share) * 100);
  return (
    <svg class={["bar-chart", `tone-${tone}`]} viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
      <rect class="bar-track" x="0" y="2.5" width="100" height="1" />
      <rect x={Math.min(100 - width, start * 100).toFixed(2)} y="0" width={width.toFixed(2)} height="6" />
    </svg>
  );
}

/** Arguments as the agent sent them; names are as hostile as values. */
function Arguments({ value }: { value: unknown }) {
  const entries = typeof value === "object" && value !== null ? Object.entries(value) : [["", value] as const];
  if (entries.length === 0) return null;
  return (
    <p class="call-arguments">
      {entries.slice(0, SHOWN_ARGUMENTS).map(([name, argument]) => (
        <span class="argument">
          <b>
            <Untrusted text={name} max={40} />
          </b>{" "}
          <Untrusted text={typeof argument === "string" ? argument : written(argument)} max={280} />
        </span>
      ))}
      {entries.length > SHOWN_ARGUMENTS ? (
        <span class="clamped" safe>{` … ${entries.length - SHOWN_ARGUMENTS} more arguments`}</span>
      ) : null}
    </p>
  );
}

function Evidence({ call, open }: { call: ToolCall; open: boolean }) {
  return (
    <details class="evidence" id={`evidence-${call.id}`} open={open}>
      <summary>
        {call.upstream_method === null ? (
          "Evidence"
        ) : (
          <span class="data">
            <Untrusted text={`${call.upstream_method} ${call.upstream_path ?? ""} → ${call.upstream_status ?? "no answer"}`} max={160} />
          </span>
        )}
      </summary>
      <dl class="facts">
        <Fact label="Call">
          <code safe>{call.id}</code>
        </Fact>
        <Fact label="Tool use, by the client">{call.tool_use_id === null ? "–" : <Untrusted text={call.tool_use_id} max={80} />}</Fact>
        <Fact label="Client">
          {call.client_name === null ? "–" : <Untrusted text={`${call.client_name} ${call.client_version ?? ""}`} max={80} />}
          <span safe>{call.era === null ? "" : `, ${call.era} protocol`}</span>
        </Fact>
        <Fact label="SHA-256 of the arguments">
          <code safe>{call.arguments_sha256}</code>
        </Fact>
        <Fact label="SHA-256 of the result">
          <code safe>{call.result_sha256 ?? "–"}</code>
        </Fact>
        <Fact label="Size of the result">
          <span safe>{call.result_bytes === null ? "–" : bytes(call.result_bytes)}</span>
        </Fact>
      </dl>
    </details>
  );
}
