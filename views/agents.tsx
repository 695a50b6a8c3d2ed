import type { AgentSummary } from "../server/agents/schema.ts";
import type { Page } from "../server/paging.ts";
import type { Mode } from "../server/runs/schema.ts";
import { ACCOUNT } from "./account-words.ts";
import { count, money } from "./format.ts";
import { Layout } from "./layout.tsx";
import { addressOf } from "./listing.tsx";
import { Badge, Empty, Fact, Pager, Section, Time, Untrusted } from "./parts.tsx";
import type { State } from "./state.ts";
import type { Wording } from "./words.ts";
import { MODE, wordingOfRun } from "./words.ts";

const MOST_EVENTS = 1000;

type AgentsProps = { page: Page<AgentSummary>; mode: Mode; shown: Mode };

/** The agents as a whole page; `mode` is the installation's, `shown` that of the figures. */
export function AgentsPage({ page, mode, shown }: AgentsProps) {
  return (
    <Layout title="Agents" current="Agents" mode={mode} state={stateOf(page.items)}>
      <header class="listing-head">
        <h1>Agents</h1>
        <Modes shown={shown} />
      </header>
      {page.items.length === 0 ? <Empty>No agent is on record.</Empty> : page.items.map((agent) => <AgentSection agent={agent} />)}
      <Pager href={page.next === null ? null : `/agents?mode=${shown}&cursor=${page.next}`} />
    </Layout>
  );
}

function stateOf(agents: AgentSummary[]): State {
  return agents.some((agent) => ["bad", "warn"].includes(standingOf(agent).tone)) ? "attention" : "alive";
}

function Modes({ shown }: { shown: Mode }) {
  return (
    <nav class="filters" aria-label="Mode">
      {Object.entries(MODE).map(([mode, word]) => (
        <a href={`/agents?mode=${mode}`} aria-current={mode === shown ? "true" : undefined} safe>
          {word}
        </a>
      ))}
    </nav>
  );
}

function AgentSection({ agent }: { agent: AgentSummary }) {
  const { name, names, is_default, last_run: last, prompt_number, runs, failed, actions, cost_usd, events, created_at } = agent;
  return (
    <Section id={`agent-${agent.id}`} title={name} note={is_default ? "the one that is woken here" : undefined}>
      <dl class="facts">
        <Fact label="Account">
          {is_default ? (
            <a href="/account">
              <Badge wording={standingOf(agent)} />
            </a>
          ) : (
            <Badge wording={standingOf(agent)} />
          )}
          {agent.suspended_until === null ? null : (
            <>
              {" until "}
              <Time at={agent.suspended_until} due />
            </>
          )}
        </Fact>
        <Fact label="Last run">
          {last === null ? (
            "None"
          ) : (
            <a href={`/runs/${last.id}`} data-item>
              <Badge wording={wordingOfRun(last)} /> <Time at={last.finished_at ?? last.created_at} />
            </a>
          )}
        </Fact>
        <Fact label="Prompt">
          <span safe>{prompt_number === null ? "None is active" : `version ${prompt_number}`}</span>
        </Fact>
        <Fact label="Runs, 30 days">
          <a href={addressOf("/runs", { agent_name: name, mode: agent.mode, date_from: firstDay() })} safe>
            {count(runs)}
          </a>
          <span safe>{failed === 0 ? "" : `, ${count(failed)} failed`}</span>
        </Fact>
        <Fact label="Actions, 30 days">
          <span safe>{count(actions)}</span>
        </Fact>
        <Fact label="Cost, 30 days">
          <span safe>{money(cost_usd)}</span>
        </Fact>
        <Fact label="Security events, 30 days">
          <span safe>{events < MOST_EVENTS ? count(events) : `${count(MOST_EVENTS)} or more`}</span>
        </Fact>
        <Fact label="On record since">
          <Time at={created_at} />
        </Fact>
        <Fact label="Other names on Moltbook">{names.length === 0 ? "–" : names.map((other) => <OtherName name={other} />)}</Fact>
      </dl>
    </Section>
  );
}

/** The first of the last 30 days, in UTC. */
function firstDay(): string {
  return new Date(Date.now() - 29 * 86_400_000).toISOString().slice(0, 10);
}

function OtherName({ name }: { name: string }) {
  return (
    <span class="other-name">
      <Untrusted text={name} max={80} />{" "}
    </span>
  );
}

function standingOf({ account_state, frozen_at }: AgentSummary): Wording {
  if (frozen_at !== null) return { word: "Not writing", tone: "bad" };
  return account_state === null ? ACCOUNT.unknown : ACCOUNT[account_state];
}
