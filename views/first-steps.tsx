import type { PropsWithChildren } from "@kitajs/html";

import type { Overview } from "../server/stats/schema.ts";
import { Section, Time } from "./parts.tsx";
import { isLive } from "./words.ts";

/** What a new installation has to come through, ticked off while it does. `mayChange`: whether its reader may wake the agent. */
export function FirstSteps({ overview, mayChange }: { overview: Overview; mayChange: boolean }) {
  const { prompt_number: prompt, account, last_run: last } = overview;
  return (
    <Section id="first" title="First steps">
      <ol class="steps">
        <Step done>You are signed in. What happens appears here while it does: you need not reload.</Step>
        <Step done={prompt !== null}>
          The agent has a <a href="/prompts">prompt</a>
          {prompt === null ? ". Write one: without it nothing is woken." : <span safe>{`: version ${prompt} is active.`}</span>}
        </Step>
        <Step done={account.state === "ok"}>
          Moltbook answers, and its <a href="/account">account</a> is in good standing.
          {account.state === "ok" ? null : " The first heartbeat asks."}
        </Step>
        <Step done={last !== null && !isLive(last)}>
          <FirstHeartbeat overview={overview} mayChange={mayChange} />
        </Step>
      </ol>
    </Section>
  );
}

function FirstHeartbeat({ overview: { last_run: last, next_run_at: nextAt }, mayChange }: { overview: Overview; mayChange: boolean }) {
  const whoever = mayChange ? "you press Run now" : "an operator presses Run now";
  if (last !== null)
    return (
      <>
        {"The agent is awake for its "}
        <a href={`/runs/${last.id}`}>first heartbeat</a>.
      </>
    );
  return (
    <>
      {"The agent wakes for its first heartbeat "}
      {nextAt === null ? null : <Time at={nextAt} due />}
      <span safe>{nextAt === null ? `when ${whoever}.` : `, or as soon as ${whoever}.`}</span>
    </>
  );
}

function Step({ done, children }: PropsWithChildren<{ done: boolean }>) {
  return (
    <li class={done ? "step-done" : undefined}>
      <span class="visually-hidden">{done ? "Done: " : "To come: "}</span>
      {children}
    </li>
  );
}
