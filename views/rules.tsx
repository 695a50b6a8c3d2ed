import type { RuleReport, RuleSummary } from "../server/filter/explain/schema.ts";
import { addressOfRule } from "./explained.tsx";
import { count } from "./format.ts";
import { Untrusted } from "./parts.tsx";
import { BAND } from "./words.ts";

/** Rules with what they are there for and, in a report, how often they hit. */
export function RuleTable({ rules, caption }: { rules: (RuleSummary | RuleReport)[]; caption: string }) {
  const isReport = rules.some((rule) => "hits" in rule);
  return (
    <table class="rules">
      <caption class="visually-hidden" safe>
        {caption}
      </caption>
      <thead>
        <tr>
          <th scope="col">Rule</th>
          <th scope="col">Family</th>
          <th scope="col" class="number">
            Weight
          </th>
          <th scope="col">A hit alone</th>
          {isReport ? (
            <th scope="col" class="number">
              Hits
            </th>
          ) : null}
        </tr>
      </thead>
      <tbody>
        {rules.map((rule) => (
          <Row rule={rule} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ rule }: { rule: RuleSummary | RuleReport }) {
  return (
    <tr>
      <th scope="row">
        <RuleLink id={rule.id} item />
        <span class="rationale" safe>
          {rule.rationale ?? "A rule of another version of the filter."}
        </span>
      </th>
      <td data-label="Family" safe>
        {rule.family ?? "–"}
      </td>
      <td data-label="Weight" class="number" safe>
        {rule.weight === null ? "–" : rule.weight.toFixed(2)}
      </td>
      <td data-label="A hit alone" safe>
        {aloneOf(rule)}
      </td>
      {"hits" in rule ? (
        <td data-label="Hits" class={["number", rule.hits > 0 && "flagged"]} safe>
          {count(rule.hits)}
        </td>
      ) : null}
    </tr>
  );
}

/** A rule's id as the way to its page. */
export function RuleLink({ id, item = false }: { id: string; item?: boolean }) {
  const address = addressOfRule(id);
  const name = (
    <code>
      <Untrusted text={id} max={64} />
    </code>
  );
  return address === null ? (
    name
  ) : (
    <a href={address} data-item={item}>
      {name}
    </a>
  );
}

/** What a single hit of a rule leads to: "withheld", or nothing but its weight. */
export function aloneOf({ band, shadow }: RuleSummary): string {
  if (shadow) return "only reports";
  if (band === null) return "–";
  return band === "allow" ? "adds its weight" : BAND[band].word.toLowerCase();
}
