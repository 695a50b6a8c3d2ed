import type { PropsWithChildren } from "@kitajs/html";

import type { IssueDetail } from "../server/issues/schema.ts";
import type { Oddity, OddityRuleReport } from "../server/oddities/schema.ts";
import type { Mode } from "../server/runs/schema.ts";
import type { EventDetail, EvidenceCall, EvidenceText, SecurityEvent } from "../server/security/schema.ts";
import { CallLog } from "./call-log.tsx";
import { EventList } from "./events.tsx";
import { IssueBox, Undo } from "./issues.tsx";
import { Layout } from "./layout.tsx";
import { Badge, Empty, Fact, Section, Time, Untrusted } from "./parts.tsx";
import { meaningOf, nameOfType } from "./security-words.ts";
import { BAND, KIND, MODE, SEVERITY } from "./words.ts";

/** `mode` is the installation's; `texts` what was flagged in the call, or before it; `others` the issue's newest events. */
type Shared = {
  issue: IssueDetail;
  calls: EvidenceCall[];
  texts: EvidenceText[];
  mode: Mode;
  mayChange: boolean;
  done: string | null;
};

/** One security event as a whole page: what it means, what shows it, and what is to become of it. */
export function EventPage({ event, others, ...shared }: Shared & { event: EventDetail; others: SecurityEvent[] }) {
  return (
    <Detail title={nameOfType(event.type)} at={`/security/events/${event.id}`} tone={SEVERITY[event.severity].tone} {...shared}>
      <header class="statement">
        <div class="statement-words">
          <h1 class={`tone-${SEVERITY[event.severity].tone}`}>
            <Untrusted text={event.title} max={300} />
          </h1>
          {meaningOf(event.type) === null ? null : (
            <p class="statement-aside" safe>
              {meaningOf(event.type)}
            </p>
          )}
        </div>
      </header>
      <dl class="facts verdict-facts">
        <Fact label="Severity">
          <Badge wording={SEVERITY[event.severity]} />
        </Fact>
        <Fact label="When">
          <Time at={event.created_at} />
        </Fact>
        <Fact label="Mode">
          <span safe>{event.mode === null ? "none" : MODE[event.mode]}</span>
        </Fact>
        {event.author === null ? null : (
          <Fact label="Author">
            <Untrusted text={event.author} max={64} />
          </Fact>
        )}
        {event.post_id === null ? null : (
          <Fact label="Item">
            <Untrusted text={event.post_id} max={80} />
          </Fact>
        )}
        {event.source_ip === null ? null : (
          <Fact label="From">
            <Untrusted text={event.source_ip} max={64} />
          </Fact>
        )}
        {event.risk_score === null ? null : (
          <Fact label="Risk">
            <span safe>{event.risk_score.toFixed(2)}</span>
          </Fact>
        )}
        {event.run_id === null ? null : (
          <Fact label="Run">
            <a href={event.call_id === null ? `/runs/${event.run_id}` : `/runs/${event.run_id}#call-${event.call_id}`}>the run</a>
          </Fact>
        )}
        {Object.entries(event.detail).map(([name, value]) => (
          <Fact label={nameOfType(/^\w{1,40}$/.test(name) ? name : "more")}>
            <Untrusted text={said(value)} max={400} />
          </Fact>
        ))}
      </dl>
      <Evidence {...shared} hasRun={event.run_id !== null} />
      <Section id="others" title="The same" note="newest first">
        <EventList events={others} empty="No other event of this issue is kept." />
      </Section>
    </Detail>
  );
}

/** One oddity as a whole page. `rule` is missing for what another version, or another program, found. */
export function OddityPage({ oddity, rule, ...shared }: Shared & { oddity: Oddity; rule: OddityRuleReport | undefined }) {
  return (
    <Detail
      title={rule?.title ?? nameOfType(oddity.type)}
      at={`/security/oddities/${oddity.id}`}
      tone={SEVERITY[oddity.severity].tone}
      {...shared}
    >
      <header class="statement">
        <div class="statement-words">
          <h1 class={`tone-${SEVERITY[oddity.severity].tone}`} safe>
            {`${rule?.title ?? nameOfType(oddity.type)}.`}
          </h1>{" "}
          <p>
            <Untrusted text={oddity.description} max={400} />
          </p>
          {rule === undefined ? null : (
            <p class="statement-aside">
              <span safe>{rule.explanation}</span> <a href={`/security?tab=rules#rule-${rule.type}`}>The rule</a>
            </p>
          )}
        </div>
      </header>
      <dl class="facts verdict-facts">
        <Fact label="Severity">
          <Badge wording={SEVERITY[oddity.severity]} />
        </Fact>
        <Fact label="Began">
          <Time at={oddity.created_at} />
        </Fact>
        <Fact label="Last grown">
          <Time at={oddity.updated_at} />
        </Fact>
        <Fact label="Mode">
          <span safe>{oddity.mode === null ? "none" : MODE[oddity.mode]}</span>
        </Fact>
        {oddity.run_id === null ? null : (
          <Fact label="Run">
            <a href={`/runs/${oddity.run_id}`}>the run</a>
          </Fact>
        )}
        {rule === undefined ? null : (
          <Fact label="For example">
            <span safe>{rule.sample}</span>
          </Fact>
        )}
      </dl>
      <Evidence {...shared} hasRun={oddity.run_id !== null} />
    </Detail>
  );
}

/** A detail as text: a list of words as such, anything else as JSON. */
function said(value: unknown): string {
  if (Array.isArray(value) && value.every((part) => typeof part === "string")) return value.join(", ");
  return typeof value === "string" ? value : JSON.stringify(value);
}

type DetailProps = PropsWithChildren<Shared & { title: string; at: string; tone: string }>;

function Detail({ title, at, tone, issue, mode, mayChange, done, children }: DetailProps) {
  return (
    <Layout title={title} current="Security" mode={mode} state={tone === "bad" ? "attention" : "alive"}>
      <p class="trail">
        <a href="/security">Security</a>
      </p>
      {done === null || !mayChange ? null : <Undo batch={done} at={at} />}
      {children}
      <Section id="triage" title="Decision" note="about all of this issue">
        <IssueBox issue={issue} at={at} mayChange={mayChange} />
      </Section>
    </Layout>
  );
}

function Evidence({ calls, texts, mayChange, hasRun }: Pick<Shared, "calls" | "texts" | "mayChange"> & { hasRun: boolean }) {
  return (
    <Section
      id="evidence"
      title="Evidence"
      note={texts.length > 0 && mayChange ? "flagged texts are shown inert on their own pages" : undefined}
    >
      {calls.length + texts.length === 0 ? (
        <Empty>{hasRun ? "No call and no flagged text belongs to it, or they are no longer kept." : "It belongs to no run."}</Empty>
      ) : null}
      {calls.length === 0 ? null : <CallLog calls={calls} />}
      {texts.length === 0 ? null : (
        <ul class="log">
          {texts.map((text) => (
            <li id={`text-${text.id}`}>
              <p class="log-what">
                <Badge wording={BAND[text.band]} />{" "}
                {mayChange ? (
                  <a href={`/filter/texts/${text.id}`} data-item safe>
                    {KIND[text.kind].toLowerCase()}
                  </a>
                ) : (
                  <span safe>{KIND[text.kind].toLowerCase()}</span>
                )}
                {text.author === null ? null : (
                  <>
                    {" by "}
                    <Untrusted text={text.author} max={64} />
                  </>
                )}
                <span class="log-detail">
                  <Untrusted text={text.reason ?? text.field} max={120} />
                </span>
              </p>
              <p class="log-when">
                <span>{text.delivered ? "read by the agent" : "not seen by the agent"}</span>
                <Time at={text.seen_at} />
              </p>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
