import type { SecurityDay, SecurityStats } from "../server/security/schema.ts";
import { DayChart, DayTable } from "./chart.tsx";
import type { Series } from "./chart.tsx";
import { count, plural } from "./format.ts";
import { Undo } from "./issues.tsx";
import { Layout } from "./layout.tsx";
import { Followed } from "./live.tsx";
import { Badge, Empty, Figure, Section, Time, Untrusted } from "./parts.tsx";
import { addressOf } from "./security-address.ts";
import type { SecurityFilter } from "./security-address.ts";
import { Record, Tabs } from "./security-record.tsx";
import type { Shown } from "./security-record.tsx";
import type { Wording } from "./words.ts";

/** `blocked`: how many authors are; `isBlocked`: those of them who were flagged most. `mayChange`: whether its reader decides. */
type Props = {
  stats: SecurityStats;
  days: SecurityDay[];
  blocked: number;
  isBlocked: Set<string>;
  filter: SecurityFilter;
  shown: Shown;
  mayChange: boolean;
};

/** Security as a whole page. `fault` says why a decision was not carried out; `done` is the batch of one that was. */
export function SecurityPage({ fault, done, ...props }: Props & { fault: string | null; done: string | null }) {
  return (
    <Layout title="Security" current="Security" mode={props.stats.mode} state={props.stats.needs_you > 0 ? "attention" : "alive"}>
      {fault === null ? null : (
        <p class="notice tone-bad" role="alert" safe>
          {fault}
        </p>
      )}
      {done === null || !props.mayChange ? null : <Undo batch={done} at={addressOf(props.filter)} />}
      <SecurityPanel {...props} />
    </Layout>
  );
}

/** Is anybody trying to turn the agent, and what waits for a decision: the page's content and the fragment that replaces it. */
export function SecurityPanel({ stats, days, blocked, isBlocked, filter, shown, mayChange }: Props) {
  const address = addressOf(filter, filter.cursor);
  return (
    <Followed id="security" url={address} stream="/live" title="Security" state={stats.needs_you > 0 ? "attention" : "alive"}>
      <header class="statement">
        <div class="statement-words">
          <h1 class={stats.needs_you > 0 ? "tone-bad" : "tone-ok"}>
            <span role="status" safe>
              {stats.needs_you === 0 ? "Nothing urgent." : `${plural(stats.needs_you, "urgent issue")} open.`}
            </span>
          </h1>{" "}
          <p safe>{sentenceOf(stats)}</p>
          {stats.needs_you === 0 || filter.state === "needs_you" ? null : (
            <p class="statement-aside">
              <a href={`${addressOf({ tab: "issues", state: "needs_you" })}#record`}>Show what is urgent</a>
            </p>
          )}
        </div>
      </header>
      <Section id="figures" title="Figures" note="each text counted once">
        <Figures stats={stats} />
      </Section>
      <Section id="month" title="30 days" note="oddities among them">
        <DayChart id="month-chart" title="Security events" dates={days.map(({ date }) => date)} series={seriesOf(days)} />
        <DayTable id="month-table" dates={days.map(({ date }) => date)} series={seriesOf(days)} />
      </Section>
      <Section id="flagged" title="Most flagged" note="attempts and suspicious texts">
        <FlaggedAuthors authors={stats.top_flagged_authors} {...{ blocked, isBlocked, mayChange }} />
      </Section>
      <Section id="record" title="Record">
        <Tabs filter={filter} />
        <Record stats={stats} filter={filter} shown={shown} address={address} mayChange={mayChange} />
      </Section>
    </Followed>
  );
}

function sentenceOf({ injection_attempts: attempts, suspicious_patterns: marked, total_events: events }: SecurityStats): string {
  if (events === 0) return "Nothing is on record yet.";
  if (attempts + marked === 0) return "Nobody has tried to turn the agent so far.";
  return `${plural(attempts, "text")} tried to turn the agent and did not get through whole; ${count(marked)} more looked suspicious.`;
}

/** All that came up on each day, the gravest at the bottom. */
function seriesOf(days: SecurityDay[]): Series[] {
  return [
    { name: "Injection attempts", tone: "bad", values: days.map((day) => day.injection_attempts) },
    { name: "Suspicious", tone: "warn", values: days.map((day) => day.suspicious_patterns) },
    { name: "Unauthorized", tone: "live", values: days.map((day) => day.unauthorized_access) },
    { name: "Other events", tone: "quiet", values: days.map(otherEvents) },
    { name: "Oddities", tone: "quiet", values: days.map((day) => day.oddities) },
  ];
}

function otherEvents(day: SecurityDay): number {
  return day.events - day.injection_attempts - day.suspicious_patterns - day.unauthorized_access;
}

function Figures({ stats }: { stats: SecurityStats }) {
  return (
    <>
      <dl class="figures">
        <Figure label="Events" value={count(stats.total_events)} />
        <Figure label="Injection attempts" value={count(stats.injection_attempts)} note="redacted or withheld" />
        <Figure label="Unauthorized" value={count(stats.unauthorized_access)} note="refused strangers" />
        <Figure label="Suspicious" value={count(stats.suspicious_patterns)} note="read with a warning" />
        <Figure label="Average risk" value={risk(stats.avg_risk_score)} note={`at most ${risk(stats.max_risk_score)}`} />
        <Figure label="Oddities" value={count(stats.total_oddities)} note={`${count(stats.critical_oddities)} critical`} />
      </dl>
      <p class="fresh">
        {"Counted "}
        <Time at={stats.fresh_at} />
      </p>
    </>
  );
}

function risk(score: number | null): string {
  return score === null ? "–" : score.toFixed(2);
}

const BLOCKED: Wording = { word: "Blocked", tone: "quiet" };

/** Names that can be in an address or a form as they stand; others are shown, and blocked by hand. */
const PLAIN_NAME = /^[\w.-]{1,64}$/;

type FlaggedProps = Pick<Props, "blocked" | "isBlocked" | "mayChange"> & { authors: SecurityStats["top_flagged_authors"] };

function FlaggedAuthors({ authors, blocked, isBlocked, mayChange }: FlaggedProps) {
  return (
    <>
      {authors.length === 0 ? (
        <Empty>No author has been flagged.</Empty>
      ) : (
        <ul class="log flagged-authors">
          {authors.slice(0, 5).map(({ author, count: times }) => (
            <li>
              <p class="log-what">
                {PLAIN_NAME.test(author) ? (
                  <a href={addressOf({ tab: "injections", search: author })} data-item>
                    <Untrusted text={author} max={64} />
                  </a>
                ) : (
                  <Untrusted text={author} max={64} />
                )}{" "}
                <span class="by" safe>
                  {plural(times, "text")}
                </span>
              </p>
              {isBlocked.has(author) ? (
                <p class="log-when">
                  <Badge wording={BLOCKED} />
                </p>
              ) : mayChange && PLAIN_NAME.test(author) ? (
                <form method="post" action="/authors" class="log-when">
                  <input type="hidden" name="author" value={author} />
                  <input type="hidden" name="reason" value={plural(times, "flagged text")} />
                  <button>Block</button>
                </form>
              ) : null}
            </li>
          ))}
        </ul>
      )}
      <p class="fresh">
        <a href="/authors" safe>
          {blocked === 0 ? "Nobody is blocked" : `${plural(blocked, "author")} blocked`}
        </a>
      </p>
    </>
  );
}
