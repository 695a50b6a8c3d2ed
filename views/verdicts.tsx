import type { BandCounts, CallExposure } from "../server/calls/schema.ts";
import type { Explanation } from "../server/filter/explain/schema.ts";
import { Explained, Provenance } from "./explained.tsx";
import { plural } from "./format.ts";
import { Badge, Untrusted, UntrustedBlock } from "./parts.tsx";
import { RuleLink } from "./rules.tsx";
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

/** The hostile originals by content hash, and what the present filter finds in them by exposure id, as far as a page's bound goes. */
type Originals = { inputs: Record<string, string>; explanations: Record<string, Explanation> };

/** What of a call's answer was withheld, redacted or marked, and why; the hostile original only on request. */
export function Verdicts({ exposures, inputs, explanations }: Originals & { exposures: CallExposure[] }) {
  if (exposures.length === 0) return null;
  return (
    <>
      <ul class="verdicts">
        {exposures.slice(0, SHOWN).map((exposure) => (
          <Verdict exposure={exposure} input={inputs[exposure.content_hash]} explanation={explanations[exposure.id]} />
        ))}
      </ul>
      {exposures.length > SHOWN ? (
        <p class="fresh" safe>{`${plural(exposures.length - SHOWN, "more text")} of this call: see the API.`}</p>
      ) : null}
    </>
  );
}

type VerdictProps = { exposure: CallExposure; input: string | undefined; explanation: Explanation | undefined };

function Verdict({ exposure, input, explanation }: VerdictProps) {
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
          <RuleLink id={rule} />
        ))}
        {exposure.degraded ? <span>Not every rule could be applied.</span> : null}
      </p>
      {input === undefined || input === "" ? (
        <p class="verdict-gone">The text is not kept, or no longer. Viewers are shown none.</p>
      ) : (
        <details id={`text-${exposure.call_id}-${exposure.seq}`}>
          <summary safe>{`Show the ${wording.word.toLowerCase()} text`}</summary>
          {explanation === undefined ? (
            <UntrustedBlock text={input} />
          ) : (
            <>
              <Provenance judged={exposure} explanation={explanation} />
              <Explained text={input} explanation={explanation} />
            </>
          )}
          <p>
            <a href={`/filter/texts/${exposure.id}`}>Explain this verdict</a>
          </p>
        </details>
      )}
    </li>
  );
}
