import type { ToolCall } from "../server/calls/schema.ts";
import { Badge, Time, Untrusted } from "./parts.tsx";
import { wordingOfCall } from "./words.ts";

type Shown = Pick<ToolCall, "id" | "run_id" | "tool" | "is_write" | "outcome" | "upstream_status" | "started_at"> & { withheld?: number };

/** Calls as a list, each leading to its place in its run. */
export function CallLog({ calls }: { calls: Shown[] }) {
  return (
    <ul class="log">
      {calls.map((call) => (
        <li id={`call-${call.id}`}>
          <p class="log-what">
            <a href={`/runs/${call.run_id}#call-${call.id}`} data-item>
              <Untrusted text={call.tool} max={64} />
            </a>{" "}
            <span class="by" safe>
              {aboutOf(call)}
            </span>
          </p>
          <p class="log-when">
            <Badge wording={wordingOfCall(call, true)} />
            <Time at={call.started_at} />
          </p>
        </li>
      ))}
    </ul>
  );
}

function aboutOf({ is_write, upstream_status: status, withheld = 0 }: Shown): string {
  const answer = status === null || status === 0 ? "" : `, Moltbook said ${status}`;
  return `${is_write ? "write" : "read"}${answer}${withheld > 0 ? `, ${withheld} withheld` : ""}`;
}
