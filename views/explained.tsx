import type { Explanation, RuleSummary } from "../server/filter/explain/schema.ts";
import { Clamped, Segments, Untrusted } from "./parts.tsx";
import type { Piece } from "./pieces.ts";
import { piecesOf } from "./pieces.ts";
import { segmentsOf } from "./visible.ts";
import { BAND } from "./words.ts";

/** Ids that can be in an address as they stand; whatever else a record holds is no rule of ours. */
const RULE_ID = /^[a-z][a-z0-9-]{0,63}$/;

/** Where a rule is explained, null for what is no rule's id. */
export function addressOfRule(id: string): string | null {
  return RULE_ID.test(id) ? `/filter/rules/${id}` : null;
}

/**
 * A hostile text as a block of its own, inert like an `UntrustedBlock`, with each place where a rule hit marked and named by the rule's
 * family, which leads to the rule.
 */
export function Explained({ text, explanation, max = 6000 }: { text: string; explanation: Explanation; max?: number }) {
  const { pieces, more } = piecesOf(text, explanation.spans, max);
  const rules = new Map(explanation.findings.map((rule) => [rule.id, rule]));
  return (
    <div class="verbatim explained" tabindex="0" role="group" aria-label="Text, with what was found in it marked">
      <bdi class="untrusted" translate="no">
        {pieces.map((piece, index) =>
          piece.rules.length === 0 ? (
            <Verbatim text={piece.text} />
          ) : (
            <Found piece={piece} previous={pieces[index - 1]?.rules ?? []} rules={rules} />
          ),
        )}
        <Clamped more={more} />
      </bdi>
    </div>
  );
}

function Verbatim({ text }: { text: string }) {
  return <Segments segments={segmentsOf(text, text.length).segments} />;
}

/** What rules found, after the name of each family that does not go on from the piece before it. */
function Found({ piece, previous, rules }: { piece: Piece; previous: string[]; rules: Map<string, RuleSummary> }) {
  const familyOf = (id: string) => rules.get(id)?.family ?? id;
  const going = new Set(previous.map(familyOf));
  const beginning = [...new Map(piece.rules.filter((id) => !going.has(familyOf(id))).map((id) => [familyOf(id), id]))];
  const isGrave = piece.rules.some((id) => rules.get(id)?.band === "withhold");
  return (
    <mark class={isGrave ? "tone-bad" : "tone-warn"}>
      {beginning.map(([family, id]) => (
        <a class="family" href={addressOfRule(id) ?? "/filter"}>
          <span class="visually-hidden">Found: </span>
          <span safe>{family}</span>
        </a>
      ))}
      <Verbatim text={piece.text} />
      <span class="visually-hidden"> (end of finding) </span>
    </mark>
  );
}

type ProvenanceProps = { judged: { band: Explanation["band"]; filter_version: string }; explanation: Explanation };

/** Where the marks come from, if they may differ from the verdict on record: places are not kept, so the present filter looks for them again. */
export function Provenance({ judged, explanation: { band, version } }: ProvenanceProps) {
  const isOther = version !== judged.filter_version;
  if (!isOther && band === judged.band) return null;
  const today = isOther ? `, marked by ${version}` : "Read again by itself";
  const outcome = band === judged.band ? "." : `: it would now be ${BAND[band].word.toLowerCase()}.`;
  return (
    <p class="fresh">
      {isOther ? "Judged by " : null}
      {isOther ? <Untrusted text={judged.filter_version} max={64} /> : null}
      <span safe>{today + outcome}</span>
    </p>
  );
}
