import type { BandCounts, CallExposure } from "../server/calls/schema.ts";
import { plural } from "./format.ts";
import { Badge, Untrusted, UntrustedBlock } from "./parts.tsx";
import { BAND } from "./words.ts";

const SHOWN = 30;
const BANDS = ["allow", "mark", "redact", "withhold"] as const;

/** How the texts that a call brought were judged: "12 passed, 1 withheld". */
export function Bands({ counts }: { counts: BandCounts | undefined }) {
  const present = counts === undefined ? [] : BANDS.filter((band) => counts[band] > 0);
  if (counts === undefined || present.length === 0) return null;
  return (
    <span class="bands" safe>
      {`Texts: ${present.map((band) => `${counts[band]} ${BAND[band].word.toLowerCase()}`).join(", ")}`}
    </span>
  );
}

/** What of a call's answer was withheld, redacted or marked, and why; the hostile original only on request. `inputs`: texts by content hash. */
export function Verdicts({ exposures, inputs }: { exposures: CallExposure[]; inputs: Record<string, string> }) {
  if (exposures.length === 0) return null;
  return (
    <>
      <ul class="verdicts">
        {exposures.slice(0, SHOWN).map((exposure) => (
          <Verdict exposure={exposure} input={inputs[exposure.content_hash]} />
        ))}
      </ul>
      {exposures.length > SHOWN ? (
        <p class="fresh" safe>{`${plural(exposures.length - SHOWN, "more text")} of this call: see the API.`}</p>
      ) : null}
    </>
  );
}

function Verdict({ exposure, input }: { exposure: CallExposure; input: string | undefined }) {
  const wording = BAND[exposure.band];
  return (
    <li id={`verdict-${exposure.call_id}-${exposure.seq}`} class={`tone-${wording.tone}`}>
      <p class="verdict-what">
        <Badge wording={wording} /> {exposure.kind}{" "}
        <span class="data">
          <Untrusted text={exposure.field} max={80} />
        </span>
        {exposure.author === null ? null : (
          <>
            {" by "}
            <Untrusted text={exposure.author} max={64} />
          </>
        )}
      </p>
      <p class="verdict-why">
        {exposure.reason === null ? null : (
          <span>
            <Untrusted text={exposure.reason} max={200} />
          </span>
        )}
        <span class="data" safe>{`score ${exposure.score.toFixed(2)}`}</span>
        {exposure.rules.map((rule) => (
          <code>
            <Untrusted text={rule} max={64} />
          </code>
        ))}
        {exposure.degraded ? <span>Not every rule could be applied.</span> : null}
      </p>
      {input === undefined || input === "" ? (
        <p class="verdict-gone">The text is not kept, or no longer.</p>
      ) : (
        <details id={`text-${exposure.call_id}-${exposure.seq}`}>
          <summary safe>{`Show the ${wording.word.toLowerCase()} text`}</summary>
          <UntrustedBlock text={input} />
        </details>
      )}
    </li>
  );
}
