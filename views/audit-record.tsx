import type { AuditRecord } from "../server/audit/schema.ts";
import type { Mode } from "../server/runs/schema.ts";
import { count, plain } from "./format.ts";
import { Layout } from "./layout.tsx";
import { Fact, Section, Time, Untrusted } from "./parts.tsx";

/** One record of the chain as a whole page. */
export function AuditRecordPage({ record, mode }: { record: AuditRecord; mode: Mode }) {
  return (
    <Layout title={`Record #${count(record.seq)}`} current="Audit" mode={mode} state="alive">
      <p class="trail">
        <a href="/audit">Audit</a>
      </p>
      <header class="statement">
        <div class="statement-words">
          <h1 safe>{`#${count(record.seq)} ${plain(record.kind).replace(".", " ")}.`}</h1>{" "}
          <p>
            {record.agent_name === null ? null : (
              <>
                <Untrusted text={record.agent_name} max={64} />
                {", "}
              </>
            )}
            <Time at={record.at} />
          </p>
        </div>
      </header>
      <Section id="body" title="What it says" note="ids and digests, no content">
        <dl class="facts audit-facts">
          {membersOf(record.body).map(([key, value]) => (
            <Fact label={plain(key)}>
              {key === "run_id" ? (
                <a href={`/runs/${encodeURIComponent(value)}`}>
                  <Untrusted text={value} max={200} />
                </a>
              ) : (
                <span class="data">
                  <Untrusted text={value} max={500} />
                </span>
              )}
            </Fact>
          ))}
        </dl>
      </Section>
      <Section id="place" title="Its place" note="in the chain">
        <dl class="facts audit-facts">
          <Fact label="Hash">
            <code safe>{record.hash}</code>
          </Fact>
          <Fact label="Hash of the record before">
            {record.seq === 1 ? (
              <code safe>{record.prev_hash}</code>
            ) : (
              <a href={`/audit/${record.seq - 1}`}>
                <code safe>{record.prev_hash}</code>
              </a>
            )}
          </Fact>
        </dl>
        <p class="audit-doings">
          <a href={`/audit/${record.seq + 1}`}>The record after it</a>
        </p>
      </Section>
    </Layout>
  );
}

/** The members of a body. One that somebody has tampered with may be no JSON any more: then it is shown as it stands. */
export function membersOf(body: string): [string, string][] {
  try {
    const members = Object.entries(JSON.parse(body) as Record<string, unknown>);
    return members.map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]);
  } catch {
    return [["body", body]];
  }
}
