import type { AccountHealth, AccountReport, Feature } from "../server/account/schema.ts";
import { ACCOUNT } from "./account-words.ts";
import { Budgets } from "./budgets.tsx";
import { plain, plural } from "./format.ts";
import { Layout } from "./layout.tsx";
import { Followed } from "./live.tsx";
import { Badge, Empty, Fact, Section, Time, Untrusted } from "./parts.tsx";
import { Requests } from "./requests.tsx";
import { ResumeForm } from "./resume.tsx";
import { FATAL_FAILURES, needsOfAccount, stateOfAccount } from "./state.ts";
import { UnsettledList } from "./unsettled.tsx";
import type { Wording } from "./words.ts";

/** `mayChange`: whether its reader decides. */
type Shown = { report: AccountReport; mayChange: boolean };

/**
 * The account as a whole page. `fault` says why a decision was not carried out, and may hold words of Moltbook's; it
 * stays while the rest follows the server.
 */
export function AccountPage({ report, mayChange, fault }: Shown & { fault: string | null }) {
  return (
    <Layout
      title="Account"
      current="Account"
      mode={report.health.mode}
      state={stateOfAccount(report.health)}
      needs={needsOfAccount(report.health).length}
    >
      {fault === null ? null : (
        <p class="notice tone-bad" role="alert">
          <Untrusted text={fault} max={600} />
        </p>
      )}
      <AccountPanel report={report} mayChange={mayChange} />
    </Layout>
  );
}

/** How the account stands, what waits for a decision, and what may still be done: the page's content and the fragment that replaces it. */
export function AccountPanel({ report, mayChange }: Shown) {
  const { health, budgets, requests, decided, unsettled, features, registered } = report;
  return (
    <Followed
      id="account"
      url="/account"
      stream="/live"
      title="Account"
      state={stateOfAccount(health)}
      needs={needsOfAccount(health).length}
    >
      <Statement health={health} />
      <Section
        id="requests"
        title="Message requests"
        note={mayChange ? "nobody but you can accept one" : "only an operator can accept one"}
      >
        <Requests requests={requests} open={health.open_requests} decided={decided} mayChange={mayChange} />
      </Section>
      <Section id="verification" title="Verification" note={`${FATAL_FAILURES} failures in a row suspend an account`}>
        <Verification health={health} mayChange={mayChange} />
      </Section>
      <Section id="budget" title="What may still be done" note={isYoung(health) ? "tighter in the first day" : undefined}>
        <Budgets budgets={budgets} health={health} />
      </Section>
      <Section id="upstream" title="Reaching Moltbook">
        <Upstream health={health} />
      </Section>
      <Section id="unsettled" title="Unsettled" note="written, and not known to be there">
        <UnsettledList unsettled={unsettled} />
      </Section>
      <Section id="features" title="Functions" note="some of Moltbook's come and go">
        <Features features={features} />
      </Section>
      {registered.length === 0 ? null : (
        <Section id="registered" title="Further accounts" note="registered by the agent, not used by it">
          <Registered names={registered} />
        </Section>
      )}
    </Followed>
  );
}

function Statement({ health }: { health: AccountHealth }) {
  const { word, tone, means, todo } = ACCOUNT[health.state];
  return (
    <header class="statement">
      <div class="statement-words">
        <h1 class={`tone-${tone}`}>
          <span role="status" safe>{`${word}.`}</span>
        </h1>{" "}
        <p>
          {health.suspended_until === null ? null : <SuspensionEnd until={health.suspended_until} />}
          <span safe>{means}</span>
        </p>
        {todo === null && health.detail === null ? null : (
          <div class={["why", `tone-${tone}`]}>
            {health.detail === null ? null : (
              <p>
                {"Moltbook says: "}
                <q>
                  <Untrusted text={health.detail} max={600} />
                </q>
              </p>
            )}
            {todo === null ? null : <p safe>{todo}</p>}
          </div>
        )}
        <p class="statement-aside">
          {health.name === null ? null : <Untrusted text={health.name} max={64} />}
          {health.name === null ? null : " on Moltbook. "}
          {health.checked_at === null ? "Moltbook has not answered yet." : "Last told by an answer of Moltbook "}
          {health.checked_at === null ? null : <Time at={health.checked_at} />}
        </p>
      </div>
    </header>
  );
}

function SuspensionEnd({ until }: { until: string }) {
  const isOver = Date.parse(until) < Date.now();
  return (
    <>
      {isOver ? "Its time was over " : "It ends "}
      <Time at={until} />
      {isOver ? "; the next read tells whether it is lifted. " : ". "}
    </>
  );
}

function Verification({ health, mayChange }: { health: AccountHealth; mayChange: boolean }) {
  const { failures_in_row: failures, frozen_at, frozen_because, resumed_at, resume_reason } = health;
  return (
    <>
      <p>
        <span safe>
          {failures === 0
            ? health.checked_at === null
              ? "No challenge is on record yet."
              : "No challenge has failed since the last one that was solved."
            : `${failures} of ${FATAL_FAILURES} failed or expired in a row.`}
        </span>
        {frozen_at === null ? null : " Writing is frozen since "}
        {frozen_at === null ? null : <Time at={frozen_at} />}
        {frozen_at === null ? null : ": nothing that would be challenged is sent."}
      </p>
      {frozen_at === null || !mayChange ? null : <ResumeForm because={frozen_because} />}
      {resumed_at === null ? null : (
        <p class="fresh">
          {"You resumed writing "}
          <Time at={resumed_at} />
          {": "}
          <Untrusted text={resume_reason ?? ""} max={500} />
        </p>
      )}
    </>
  );
}

function Upstream({ health }: { health: AccountHealth }) {
  const wording: Wording =
    health.open_since !== null
      ? { word: "Calls are held back", tone: "warn" }
      : health.checked_at === null
        ? { word: "Nobody has tried yet", tone: "quiet" }
        : { word: "No fault stands in the way", tone: "ok" };
  return (
    <>
      <p>
        <Badge wording={wording} />
      </p>
      <dl class="facts">
        {health.open_since === null ? null : (
          <Fact label="Since">
            <Time at={health.open_since} />
          </Fact>
        )}
        {health.next_try_at === null ? null : (
          <Fact label="Next try">
            <Time at={health.next_try_at} due />
          </Fact>
        )}
        <Fact label="Recent faults">
          <span safe>{String(health.recent_faults)}</span>
        </Fact>
        <Fact label="Last fault">{health.last_fault_at === null ? "none on record" : <Time at={health.last_fault_at} />}</Fact>
      </dl>
    </>
  );
}

function Features({ features }: { features: Feature[] }) {
  const away = features.filter(({ available }) => !available);
  const checked = features.map(({ checked_at }) => checked_at).toSorted();
  const [oldest] = checked;
  if (oldest === undefined) return <Empty>Not looked at yet. They are looked for once a day.</Empty>;
  return (
    <>
      <p>
        <span safe>
          {away.length === 0
            ? `All ${features.length} that were looked for are there.`
            : `${plural(away.length, "function")} away, and ${away.length === 1 ? "its tools say" : "their tools say"} so: `}
        </span>
        <strong safe>{away.map(({ feature }) => plain(feature)).join(", ")}</strong>
      </p>
      <p class="fresh">
        {"Looked at "}
        <Time at={oldest} />
      </p>
    </>
  );
}

function Registered({ names }: { names: string[] }) {
  return (
    <>
      <p>Key and claim link of each lie in a file of the data directory, on the machine that Moltbot runs on. No page shows them.</p>
      <ul class="log">
        {names.map((name) => (
          <li id={`registered-${name}`}>
            <p class="log-what">
              <Untrusted text={name} max={64} />
            </p>
            <p class="log-when">
              <code safe>{`accounts/${name}.json`}</code>
            </p>
          </li>
        ))}
      </ul>
    </>
  );
}

/** Accounts younger than a day have tighter limits. */
function isYoung({ registered_at, fresh_at }: AccountHealth): boolean {
  return registered_at !== null && Date.parse(fresh_at) - Date.parse(registered_at) < 86_400_000;
}
