import type { AuditHead, AuditRecord, AuditVerification } from "../server/audit/schema.ts";
import type { Page } from "../server/paging.ts";
import type { Mode } from "../server/runs/schema.ts";
import { membersOf } from "./audit-record.tsx";
import { count, plain, plural } from "./format.ts";
import { Layout } from "./layout.tsx";
import type { Filter } from "./listing.tsx";
import { addressOf, Days, Select } from "./listing.tsx";
import { Empty, Fact, Pager, Section, Time, Untrusted } from "./parts.tsx";

/** `terms` are the kinds and agents to choose from. */
type AuditProps = {
  head: AuditHead;
  page: Page<AuditRecord>;
  terms: { kinds: string[]; agents: string[] };
  filter: Filter;
  mode: Mode;
  mayChange: boolean;
};

/** The audit chain as a whole page: does it hold, and what is in it. The filter lives in the address and survives paging. */
export function AuditPage({ head, page, terms, filter, mode, mayChange }: AuditProps) {
  const fault = head.last_verification?.fault ?? null;
  return (
    <Layout title="Audit" current="Audit" mode={mode} state={fault === null ? "alive" : "attention"}>
      <Statement head={head} />
      <Section id="chain" title="Chain" note="each record names the one before it">
        <dl class="facts audit-facts">
          <Fact label="Last record">
            <span safe>{head.records === 0 ? "none yet" : `#${count(head.records)}`}</span>
            {head.at === null ? null : (
              <>
                {", "}
                <Time at={head.at} />
              </>
            )}
          </Fact>
          <Fact label="Verified last">
            <Verified verification={head.last_verification} />
          </Fact>
          <Fact label="Verified from the first record on">
            <Verified verification={head.last_whole_verification} />
          </Fact>
          <Fact label="Hash of the last record: keep a copy elsewhere">
            <code safe>{head.hash ?? "–"}</code>
          </Fact>
        </dl>
        <div class="audit-doings">
          {mayChange ? (
            <form method="post" action="/audit/verify">
              <button class="primary">Verify now</button>
            </form>
          ) : null}
          <p>
            <a href="/api/audit/export" download="moltbot-audit.ndjson">
              Download the chain
            </a>
            {" and check it anywhere: "}
            <code>bun run job verify-audit --file FILE</code>
          </p>
        </div>
      </Section>
      <Section id="records" title="Records" note="newest first">
        <Filters terms={terms} filter={filter} />
        {page.items.length === 0 ? <NoRecords filter={filter} /> : <Records records={page.items} />}
        <Pager href={page.next === null ? null : addressOf("/audit", { ...filter, cursor: page.next })} />
      </Section>
    </Layout>
  );
}

function Statement({ head }: { head: AuditHead }) {
  const last = head.last_verification;
  const fault = last?.fault ?? null;
  return (
    <header class="statement">
      <div class="statement-words">
        <h1 class={fault === null ? undefined : "tone-bad"}>
          <span role="status" safe>
            {fault !== null ? `The chain is broken at record #${count(fault.seq)}.` : `${plural(head.records, "record")} in one chain.`}
          </span>
        </h1>{" "}
        {fault !== null ? (
          <p safe>{`Why: ${fault.reason}. What comes after it proves nothing. Compare with a copy from elsewhere.`}</p>
        ) : last === null ? (
          <p>Nobody has looked yet whether they fit together. The schedule does so every night.</p>
        ) : (
          <p safe>{`Everything that was looked at fits together, up to record #${count(last.last_seq)}.`}</p>
        )}
      </div>
    </header>
  );
}

/** "#1 to #312, 3 min ago by schedule". */
function Verified({ verification }: { verification: AuditVerification | null }) {
  if (verification === null) return <span>never</span>;
  const { first_seq, last_seq, at, actor, fault } = verification;
  return (
    <>
      <span safe>{`${fault === null ? "" : "broken after "}#${count(first_seq)} to #${count(last_seq)}, `}</span>
      <Time at={at} />
      <span safe>{` by ${actor}`}</span>
    </>
  );
}

function Filters({ terms, filter }: { terms: AuditProps["terms"]; filter: Filter }) {
  return (
    <form method="get" action="/audit" class="finder" role="search">
      <Select choice={{ name: "kind", label: "Kind", words: wordsOf(terms.kinds, filter.kind) }} value={filter.kind} />
      <Select choice={{ name: "agent_name", label: "Agent", words: wordsOf(terms.agents, filter.agent_name) }} value={filter.agent_name} />
      <Days filter={filter} />
      <button>Filter</button>
    </form>
  );
}

/** A choice that the address names is shown even if there is no such thing. */
function wordsOf(values: string[], chosen: string | undefined): Record<string, string> {
  return Object.fromEntries([...values, ...(chosen === undefined ? [] : [chosen])].map((value) => [value, value]));
}

function NoRecords({ filter }: { filter: Filter }) {
  if (Object.values(filter).every((value) => value === undefined)) {
    return <Empty>Nothing has happened yet. Each run, call, decision and sign-in leaves a record here.</Empty>;
  }
  return (
    <Empty>
      No record matches. <a href="/audit">Show all records</a>
    </Empty>
  );
}

function Records({ records }: { records: AuditRecord[] }) {
  return (
    <ul class="log">
      {records.map((record) => (
        <li>
          <div class="log-what">
            <p>
              <a href={`/audit/${record.seq}`} data-item safe>{`#${count(record.seq)} ${plain(record.kind).replace(".", " ")}`}</a>
              <span class="log-detail">
                <Untrusted text={inShort(record)} max={160} />
              </span>
            </p>
          </div>
          <p class="log-when">
            {record.agent_name === null ? null : <Untrusted text={record.agent_name} max={64} />}
            <Time at={record.at} />
          </p>
        </li>
      ))}
    </ul>
  );
}

/** "actor operator:olga, scope read": the short values of a body, since digests say nothing in a list. */
function inShort(record: AuditRecord): string {
  const said = membersOf(record.body).filter(([, value]) => value !== "null" && value.length <= 40);
  return said.map(([key, value]) => `${plain(key)} ${value}`).join(", ");
}
