import type { ToolCall } from "../server/calls/schema.ts";
import type { Issue } from "../server/issues/schema.ts";
import type { OddityRuleReport } from "../server/oddities/schema.ts";
import type { Page } from "../server/paging.ts";
import type { SecurityStats, SecurityTab } from "../server/security/schema.ts";
import { CallLog } from "./call-log.tsx";
import { count } from "./format.ts";
import { Issues } from "./issues.tsx";
import { Select } from "./listing.tsx";
import { OddityRules } from "./oddity-rules.tsx";
import { Empty, Pager, Time, Untrusted } from "./parts.tsx";
import { addressOf, STATES, TABS } from "./security-address.ts";
import type { SecurityFilter } from "./security-address.ts";
import { SEVERITY, wordsIn } from "./words.ts";

/** What a tab shows: issues, calls or rules. */
export type Shown =
  { issues: Page<Issue>; kind: "issues" } | { calls: Page<ToolCall>; kind: "calls" } | { rules: OddityRuleReport[]; kind: "rules" };

/** The parts of the record. */
export function Tabs({ filter }: { filter: SecurityFilter }) {
  return (
    <nav class="tabs" aria-label="Record">
      {Object.entries(TABS).map(([tab, word]) => (
        <a href={addressOf({ tab: tab as SecurityTab })} aria-current={filter.tab === tab ? "true" : undefined} safe>
          {word}
        </a>
      ))}
    </nav>
  );
}

type RecordProps = { stats: SecurityStats; filter: SecurityFilter; shown: Shown; address: string; mayChange: boolean };

/** What is on record, by the tab. `address` is the page's own. */
export function Record({ stats, filter, shown, address, mayChange }: RecordProps) {
  if (shown.kind === "rules") return <OddityRules rules={shown.rules} mayChange={mayChange} />;
  if (shown.kind === "calls") return <Calls stats={stats} calls={shown.calls} filter={filter} />;
  const { items, next } = shown.issues;
  return (
    <>
      <Filters filter={filter} />
      {items.length === 0 ? <Nothing stats={stats} filter={filter} /> : <Issues issues={items} at={address} mayChange={mayChange} />}
      <Pager href={next === null ? null : addressOf(filter, next)} />
    </>
  );
}

function Filters({ filter }: { filter: SecurityFilter }) {
  return (
    <form method="get" action="/security" class="finder" role="search">
      <input type="hidden" name="tab" value={filter.tab} />
      <label>
        Kind or author
        <input type="search" name="search" id="filter-search" value={filter.search ?? ""} maxlength="64" autocomplete="off" />
      </label>
      <Select choice={{ name: "state", label: "State", words: STATES }} value={filter.state} />
      <Select choice={{ name: "severity", label: "Severity", words: wordsIn(SEVERITY) }} value={filter.severity} />
      <button>Filter</button>
      {(filter.state ?? filter.severity ?? filter.search) ? <a href={addressOf({ tab: filter.tab })}>Clear</a> : null}
    </form>
  );
}

const NOTHING: Record<SecurityTab, string> = {
  issues: "No security event and no oddity on record",
  injections: "No injection attempt on record",
  access: "No refused stranger and no denied tool on record",
  oddities: "No oddity on record",
  calls: "No tool call on record",
  rules: "No rule",
};

function Nothing({ stats, filter }: { stats: SecurityStats; filter: SecurityFilter }) {
  if (filter.state ?? filter.severity ?? filter.search)
    return (
      <Empty>
        {"Nothing matches. "}
        <a href={addressOf({ tab: filter.tab })}>Show all</a>
      </Empty>
    );
  return (
    <Empty>
      <span safe>{NOTHING[filter.tab]}</span>
      {" (looked "}
      <Time at={stats.fresh_at} />
      {")."}
    </Empty>
  );
}

function Calls({ stats, calls, filter }: { stats: SecurityStats; calls: Page<ToolCall>; filter: SecurityFilter }) {
  if (stats.tool_call_breakdown.length === 0) return <Nothing stats={stats} filter={filter} />;
  return (
    <>
      <ul class="tool-counts">
        {stats.tool_call_breakdown.map(({ tool, count: times }) => (
          <li>
            <Untrusted text={tool} max={64} /> <strong safe>{count(times)}</strong>
          </li>
        ))}
      </ul>
      <CallLog calls={calls.items} />
      <Pager href={calls.next === null ? null : addressOf(filter, calls.next)} />
    </>
  );
}
