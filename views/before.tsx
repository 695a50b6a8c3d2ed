import type { ToolCall } from "../server/calls/schema.ts";
import type { Background, Cause } from "../server/provenance/schema.ts";
import { plural } from "./format.ts";
import { Untrusted } from "./parts.tsx";
import { BAND } from "./words.ts";

/** How a tie is to be read; each is a hint, and none is proof. */
const TIE: Record<Cause["tie"], string> = {
  "direct reply": "the write names it",
  "same author": "the write is about the same author",
  echoes: "the write repeats some of its words",
  "same link": "the write has a link of it",
  "same run only": "read before, and nothing else ties them",
};

/** What an agent had read before a write, likeliest first. */
export function Before({ call, background: { read, flagged, not_seen, causes } }: { call: ToolCall; background: Background }) {
  const withheld = not_seen === 0 ? "" : ` ${plural(not_seen, "text")} kept from it, and so not among them.`;
  if (read === 0) return <p class="dim" safe>{`It had read nothing in this run before.${withheld}`}</p>;
  const nearest = causes[0]?.tie ?? "same run only";
  return (
    <details class="before" id={`before-${call.id}`}>
      <summary>
        <span safe>{`Had read ${plural(read, "text")} before; nearest: ${nearest}`}</span>
        {flagged === 0 ? null : <span class="before-flagged" safe>{`, ${flagged} flagged`}</span>}
      </summary>
      <ol>
        {causes.map((cause) => (
          <li>
            <b>{cause.tie}</b> <span class="dim" safe>{`(${TIE[cause.tie]})`}</span>{" "}
            <a href={cause.band === "allow" ? `#call-${cause.call_id}` : `#verdict-${cause.call_id}-${cause.seq}`}>
              {cause.kind}{" "}
              <span class="data">
                <Untrusted text={cause.field} max={80} />
              </span>
            </a>
            {cause.author === null ? null : (
              <>
                {" by "}
                <Untrusted text={cause.author} max={64} />
              </>
            )}
            {cause.band === "allow" ? null : <span class="before-flagged" safe>{`, ${BAND[cause.band].word.toLowerCase()}`}</span>}
          </li>
        ))}
      </ol>
      <p class="dim" safe>{`How strong a tie is says nothing of whether it was the cause.${withheld}`}</p>
    </details>
  );
}
