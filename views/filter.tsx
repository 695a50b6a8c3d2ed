import type { Explanation, RuleReports } from "../server/filter/explain/schema.ts";
import type { Mode } from "../server/runs/schema.ts";
import { Explained } from "./explained.tsx";
import { plural } from "./format.ts";
import { Layout } from "./layout.tsx";
import { Fact, Section } from "./parts.tsx";
import { RuleTable } from "./rules.tsx";
import { BAND, FATE, KIND } from "./words.ts";

const KINDS = Object.entries(KIND);

/** A text that was judged on request, or why it was not. */
export type Answer = { asked: { text: string; kind: string }; explanation: Explanation | null; fault: string | null };

/** The filter as a whole page: a text to be judged and, once there is one, what became of it; and all rules. */
export function FilterPage({ reports, answer, mode }: { reports: RuleReports; answer: Answer | null; mode: Mode }) {
  const explanation = answer?.explanation ?? null;
  return (
    <Layout
      title={explanation === null ? "Filter" : `Filter: ${BAND[explanation.band].word.toLowerCase()}`}
      current="Filter"
      mode={mode}
      state="alive"
    >
      {explanation === null ? <Introduction reports={reports} /> : <Outcome explanation={explanation} />}
      {explanation === null || answer === null ? null : (
        <>
          <Section id="text" title="In place" note={`${plural(explanation.spans.length, "place")}, each under its family of rules`}>
            <Explained text={answer.asked.text} explanation={explanation} max={40_000} />
          </Section>
          <Section id="findings" title="Rules that hit">
            {explanation.findings.length === 0 ? (
              <p class="empty">None.</p>
            ) : (
              <RuleTable rules={explanation.findings} caption="Rules that hit in this text" />
            )}
          </Section>
        </>
      )}
      <Section id="test" title="Test a text" note="nothing of it is stored">
        <TestForm asked={answer?.asked ?? { text: "", kind: "post" }} fault={answer?.fault ?? null} />
      </Section>
      <Section id="authors" title="Authors">
        <p>
          <a href="/authors">Blocked authors</a>: whose texts the agent does not read, whatever they say.
        </p>
      </Section>
      <Section id="rules" title="Rules" note="hits of 30 days, counted each time that a text was read">
        <RuleTable rules={reports.items} caption="The filter's rules" />
      </Section>
    </Layout>
  );
}

function Introduction({ reports }: { reports: RuleReports }) {
  const known = reports.items.filter(({ weight }) => weight !== null);
  return (
    <header class="statement">
      <div class="statement-words">
        <h1>Filter.</h1>{" "}
        <p
          safe
        >{`${known.length === 1 ? "1 rule judges" : `${known.length} rules judge`} every text before the agent reads it. A text that none of them hits may still be harmful.`}</p>
        <p class="statement-aside">
          {"Version "}
          <code safe>{reports.version}</code>
        </p>
      </div>
    </header>
  );
}

function Outcome({ explanation }: { explanation: Explanation }) {
  const { word, tone } = BAND[explanation.band];
  return (
    <>
      <header class="statement">
        <div class="statement-words">
          <h1 class={`tone-${tone}`}>
            <span role="status" safe>{`${word}.`}</span>
          </h1>{" "}
          <p safe>{FATE[explanation.band]}</p>
          {explanation.degraded ? <p class="statement-aside">Not every rule could be applied, so this verdict may be too mild.</p> : null}
        </div>
      </header>
      <dl class="facts verdict-facts">
        <Fact label="Score">
          <span safe>{`${explanation.score.toFixed(2)} of 1`}</span>
        </Fact>
        <Fact label="Reason given">
          <span safe>{explanation.reason ?? "–"}</span>
        </Fact>
        <Fact label="Filter">
          <code safe>{explanation.version}</code>
        </Fact>
        <Fact label="All rules applied">{explanation.degraded ? "no" : "yes"}</Fact>
      </dl>
    </>
  );
}

function TestForm({ asked, fault }: { asked: { text: string; kind: string }; fault: string | null }) {
  return (
    <form method="post" action="/filter" class="decision test-text">
      {fault === null ? null : (
        <p class="notice tone-bad" role="alert" id="test-fault" safe>
          {fault}
        </p>
      )}
      <label for="test-text">A text as it would come from Moltbook</label>
      <textarea
        id="test-text"
        name="text"
        rows="8"
        required
        maxlength="40000"
        spellcheck="false"
        translate="no"
        dir="auto"
        aria-describedby={fault === null ? undefined : "test-fault"}
        aria-invalid={fault === null ? undefined : "true"}
        safe
      >
        {/* A parser of HTML drops the first line feed of a text area (WHATWG HTML, 13.2.6.4.7): this one, never the text's own. */}
        {`\n${asked.text}`}
      </textarea>
      <label for="test-kind">What it would be</label>
      <select id="test-kind" name="kind">
        {KINDS.map(([kind, name]) => (
          <option value={kind} selected={kind === asked.kind} safe>
            {name}
          </option>
        ))}
      </select>
      <div class="decision-buttons">
        <button class="primary">Test this text</button>
      </div>
    </form>
  );
}
