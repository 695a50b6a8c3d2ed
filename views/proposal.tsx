import type { PromptProposal } from "../server/prompts/schema.ts";
import type { Mode } from "../server/runs/schema.ts";
import { Layout } from "./layout.tsx";
import { Fact, Section, Time, UntrustedBlock } from "./parts.tsx";

/** A stretch of lines of the proposed text, as it differs from the active one. */
type Part = { text: string; change: "added" | "removed" | "kept" };

const STATUS: Record<PromptProposal["status"], string> = {
  open: "Waits for your decision",
  approved: "Approved",
  rejected: "Rejected",
  superseded: "Replaced by a later proposal",
  expired: "Expired",
};

/** What the agent wants its prompt to be, beside what it is, and the two buttons that decide. */
export function ProposalPage({ proposal, parts, mode }: { proposal: PromptProposal; parts: Part[]; mode: Mode }) {
  const isOpen = proposal.status === "open";
  return (
    <Layout title="Proposal" current={null} mode={mode} state={isOpen ? "attention" : "idle"}>
      <p class="trail">
        <a href={`/runs/${proposal.run_id}#call-${proposal.call_id}`}>The run that made it</a>
      </p>
      <h1 class="statement">
        <span safe>{STATUS[proposal.status]}</span>
      </h1>
      <dl class="facts run-facts">
        <Fact label="Proposed">
          <Time at={proposal.created_at} />
        </Fact>
        {isOpen ? (
          <Fact label="Expires">
            <Time at={proposal.expires_at} />
          </Fact>
        ) : null}
        {proposal.decided_at === null ? null : (
          <Fact label="Decided">
            <Time at={proposal.decided_at} />
          </Fact>
        )}
        {proposal.decision_reason === null ? null : (
          <Fact label="Why">
            <span safe>{proposal.decision_reason}</span>
          </Fact>
        )}
      </dl>
      <Section id="reason" title="Its reason" note="the agent's own words, not checked">
        <blockquote class="own-words">
          <UntrustedBlock text={proposal.reason} />
        </blockquote>
      </Section>
      <Section id="changes" title="Changes" note={`against version ${proposal.parent_number ?? "none"}`}>
        {parts.map((part) => (
          <Change {...part} />
        ))}
      </Section>
      {isOpen ? <DecisionForm proposal={proposal} /> : null}
    </Layout>
  );
}

function Change({ text, change }: Part) {
  if (change === "kept") {
    return (
      <details class="change">
        <summary>{text.split("\n").length - 1} lines unchanged</summary>
        <UntrustedBlock text={text} />
      </details>
    );
  }
  return (
    <div class={`change change-${change}`}>
      <p class="change-name">{change === "added" ? "+ Added" : "− Removed"}</p>
      <UntrustedBlock text={text} />
    </div>
  );
}

function DecisionForm({ proposal }: { proposal: PromptProposal }) {
  return (
    <Section id="decision" title="Decision" note="it changes nothing until you approve it">
      {proposal.is_stale ? <p>Another prompt has become active since, so this proposal can only be rejected.</p> : null}
      <form method="post" action={`/proposals/${proposal.id}`} class="decision">
        <label for="why">Why</label>
        <input id="why" name="reason" required maxlength="500" autocomplete="off" />
        <div class="decision-buttons">
          {proposal.is_stale ? null : (
            <button class="primary" name="decision" value="approve">
              Approve
            </button>
          )}
          <button name="decision" value="reject">
            Reject
          </button>
        </div>
      </form>
    </Section>
  );
}
