import type { Explanation, RuleHit, RuleSummary } from "../server/filter/explain/schema.ts";
import type { Page } from "../server/paging.ts";
import type { Mode } from "../server/runs/schema.ts";
import { Explained, Provenance } from "./explained.tsx";
import { Layout } from "./layout.tsx";
import { Badge, Empty, Fact, Pager, Section, Time, Untrusted, UntrustedBlock } from "./parts.tsx";
import { aloneOf, RuleLink, RuleTable } from "./rules.tsx";
import { BAND, KIND } from "./words.ts";

type Kept = RuleHit & { text: string | null };

/** `explanations` by exposure id: what the present filter finds in the text; none for texts that are not kept or go beyond a page's bound. */
type RuleProps = { rule: RuleSummary; hits: Page<Kept>; explanations: Record<string, Explanation>; mode: Mode };

/** One rule as a whole page, with what it hit last. */
export function RulePage({ rule, hits, explanations, mode }: RuleProps) {
  return (
    <Layout title={`Rule ${rule.id}`} current="Filter" mode={mode} state="alive">
      <p class="trail">
        <a href="/filter#rules">Rules</a>
      </p>
      <header class="statement">
        <div class="statement-words">
          <h1 safe>{`${rule.id}.`}</h1> <p safe>{rule.rationale ?? "A rule of another version of the filter."}</p>
        </div>
      </header>
      <dl class="facts verdict-facts">
        <Fact label="Family">
          <span safe>{rule.family ?? "–"}</span>
        </Fact>
        <Fact label="Weight">
          <span safe>{rule.weight === null ? "–" : rule.weight.toFixed(2)}</span>
        </Fact>
        <Fact label="A hit alone">
          <span safe>{aloneOf(rule)}</span>
        </Fact>
      </dl>
      <Section id="hits" title="Latest hits" note="of 30 days">
        {hits.items.length === 0 ? (
          <Empty>It hit nothing in the last 30 days.</Empty>
        ) : (
          <ul class="verdicts">
            {hits.items.map((hit) => (
              <Hit hit={hit} explanation={explanations[hit.id]} />
            ))}
          </ul>
        )}
        <Pager href={hits.next === null ? null : `/filter/rules/${rule.id}?cursor=${hits.next}`} />
      </Section>
    </Layout>
  );
}

/** One text on record as a whole page: the verdict then, and what the present filter makes of it. */
export function HitPage({ hit, explanation, mode }: { hit: Kept; explanation: Explanation | undefined; mode: Mode }) {
  const rules = explanation?.findings ?? [];
  return (
    <Layout title={`${BAND[hit.band].word} text`} current="Filter" mode={mode} state="alive">
      <p class="trail">
        <a href={addressInRun(hit)}>The run that read it</a>
      </p>
      <h1 class="visually-hidden" safe>{`${BAND[hit.band].word} text`}</h1>
      <ul class="verdicts">
        <Hit hit={hit} explanation={explanation} max={40_000} />
      </ul>
      <Section id="findings" title="Rules that hit" note={explanation === undefined ? undefined : `by ${explanation.version}`}>
        {rules.length === 0 ? (
          <Empty>None of the present filter's.</Empty>
        ) : (
          <RuleTable rules={rules} caption="Rules that hit in this text" />
        )}
      </Section>
    </Layout>
  );
}

function Hit({ hit, explanation, max }: { hit: Kept; explanation: Explanation | undefined; max?: number }) {
  const wording = BAND[hit.band];
  return (
    <li id={`hit-${hit.id}`} class={`tone-${wording.tone}`}>
      <p class="verdict-what">
        <Badge wording={wording} /> <span safe>{KIND[hit.kind].toLowerCase()}</span>{" "}
        <span class="data">
          <Untrusted text={hit.field} max={80} />
        </span>
        {hit.author === null ? null : (
          <>
            {" by "}
            <Untrusted text={hit.author} max={64} />
          </>
        )}
        {", "}
        <a href={addressInRun(hit)} data-item>
          {"read "}
          <Time at={hit.seen_at} />
        </a>
      </p>
      <p class="verdict-why">
        {hit.reason === null ? null : <Untrusted text={hit.reason} max={200} />}
        <span class="data" safe>{`score ${hit.score.toFixed(2)}`}</span>
        <span class="data">
          <Untrusted text={hit.filter_version} max={64} />
        </span>
        {hit.rules.map((rule) => (
          <RuleLink id={rule} />
        ))}
        {hit.degraded ? <span>Not every rule could be applied.</span> : null}
      </p>
      {hit.text === null ? (
        <p class="verdict-gone">The text is not kept, or no longer. Viewers are shown none.</p>
      ) : explanation === undefined ? (
        <UntrustedBlock text={hit.text} max={max ?? 6000} />
      ) : (
        <>
          <Provenance judged={hit} explanation={explanation} />
          <Explained text={hit.text} explanation={explanation} max={max ?? 6000} />
        </>
      )}
    </li>
  );
}

function addressInRun({ run_id, call_id, seq }: RuleHit): string {
  return `/runs/${run_id}#verdict-${call_id}-${seq}`;
}
