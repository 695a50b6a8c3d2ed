import type { OddityRuleReport } from "../server/oddities/schema.ts";
import { plural } from "./format.ts";
import { Badge, Time, Untrusted } from "./parts.tsx";
import { SEVERITY } from "./words.ts";

/** The rules that look for oddities: what each means, what it found, and its two switches for whoever may change them. */
export function OddityRules({ rules, mayChange }: { rules: OddityRuleReport[]; mayChange: boolean }) {
  return (
    <ul class="log oddity-rules">
      {rules.map((rule) => (
        <li id={`rule-${rule.type}`}>
          <div class="log-what">
            <p>
              <strong id={`rule-${rule.type}-title`} safe>
                {rule.title}
              </strong>{" "}
              <Badge wording={rule.enabled ? { word: "On", tone: "ok" } : { word: "Off", tone: "quiet" }} />
            </p>
            <p safe>{rule.explanation}</p>
            <p class="log-detail" safe>{`For example: ${rule.sample}`}</p>
            <p class="log-detail">
              <span
                safe
              >{`${rule.found === 0 ? "None" : plural(rule.found, "oddity").replace("odditys", "oddities")} in 30 days, at worst `}</span>
              <Badge wording={SEVERITY[rule.severity]} />
              {rule.changed_at === null || rule.changed_by === null ? null : (
                <>
                  {". Changed by "}
                  <Untrusted text={rule.changed_by} max={64} /> <Time at={rule.changed_at} />
                </>
              )}
            </p>
          </div>
          {mayChange ? <RuleForm rule={rule} /> : null}
        </li>
      ))}
    </ul>
  );
}

function RuleForm({ rule }: { rule: OddityRuleReport }) {
  return (
    <form method="post" action={`/security/rules/${rule.type}`} class="rule-form" aria-labelledby={`rule-${rule.type}-title`}>
      {rule.threshold === null ? null : (
        <label>
          <span safe>{`Threshold: ${rule.counts ?? ""}`}</span>
          <input
            type="number"
            name="threshold"
            id={`rule-${rule.type}-threshold`}
            min="1"
            max={rule.most ?? 1000}
            value={String(rule.threshold)}
            required
          />
        </label>
      )}
      {rule.threshold === null ? null : (
        <button name="enabled" value={rule.enabled ? "true" : "false"}>
          Save
        </button>
      )}
      <button name="enabled" value={rule.enabled ? "false" : "true"}>
        {rule.enabled ? "Switch off" : "Switch on"}
      </button>
    </form>
  );
}
