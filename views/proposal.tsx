import type { Check, PromptProposal, ProposalStatus } from "../server/prompts/proposals/schema.ts";
import type { Mode } from "../server/runs/schema.ts";
import type { Look, Piece } from "./difference.tsx";
import { DifferenceView } from "./difference.tsx";
import { Layout } from "./layout.tsx";
import { Badge, Empty, Fact, Section, Time, Untrusted, UntrustedBlock } from "./parts.tsx";
import type { Wording } from "./words.ts";

export const PROPOSAL_STATUS: Record<ProposalStatus, Wording> = {
  open: { word: "Waits for your decision", tone: "warn" },
  approved: { word: "Approved", tone: "ok" },
  rejected: { word: "Rejected", tone: "quiet" },
  superseded: { word: "Replaced by a later proposal", tone: "quiet" },
  expired: { word: "Expired", tone: "quiet" },
};

/** What was looked at, and what it says when nothing was found. */
const CHECK: Record<Check["name"], { title: string; clear: string }> = {
  filter: { title: "Injection filter", clear: "finds nothing in the new lines" },
  size: { title: "Length", clear: "" },
  links: { title: "Links and hosts", clear: "none that are new" },
  tools: { title: "Tools and rights", clear: "names none that are new" },
  safety: { title: "Safety", clear: "nothing that would pass over what keeps the agent safe" },
  dropped_rules: { title: "Rules that would go", clear: "none" },
  taint: { title: "Read before it", clear: "nothing flagged was delivered in this run" },
  echo: { title: "Echoes", clear: "it does not repeat what was read in this run" },
  rejected_before: { title: "Turned down before", clear: "not this text" },
};
const HIT: Wording = { word: "Look", tone: "warn" };
const CLEAR: Wording = { word: "Clear", tone: "ok" };

type ProposalProps = { proposal: PromptProposal; pieces: Piece[]; look: Look; mode: Mode; mayChange: boolean; fault?: string | null };

/** What the agent wants its prompt to be, beside what it is, what was checked, and the buttons that decide. */
export function ProposalPage({ proposal, pieces, look, mode, mayChange, fault = null }: ProposalProps) {
  const isOpen = proposal.status === "open";
  return (
    <Layout title="Proposal" current="Prompts" mode={mode} state={isOpen ? "attention" : "idle"}>
      <p class="trail">
        <a href="/prompts">Prompts</a>
      </p>
      {fault === null ? null : (
        <p class="notice tone-bad" role="alert" safe>
          {fault}
        </p>
      )}
      <h1 class="statement">
        <span safe>{PROPOSAL_STATUS[proposal.status].word}</span>
      </h1>
      <Facts proposal={proposal} />
      <Section id="reason" title="Its reason" note="the agent's own words, not checked">
        <blockquote class="own-words">
          <UntrustedBlock text={proposal.reason} />
        </blockquote>
      </Section>
      <Section id="evidence" title="Evidence" note="checked when it was proposed">
        <Evidence checks={proposal.evidence} />
      </Section>
      <Section id="changes" title="Changes" note={`against version ${proposal.parent_number ?? "none"}`}>
        <DifferenceView pieces={pieces} look={look} address={`/proposals/${proposal.id}`} />
      </Section>
      {isOpen && mayChange ? <DecisionForm proposal={proposal} /> : null}
    </Layout>
  );
}

function Facts({ proposal }: { proposal: PromptProposal }) {
  return (
    <dl class="facts run-facts">
      <Fact label="Proposed">
        <Time at={proposal.created_at} />
      </Fact>
      <Fact label="By">
        <a href={`/runs/${proposal.run_id}#call-${proposal.call_id}`}>The run that made it</a>
      </Fact>
      {proposal.status === "open" ? (
        <Fact label="Expires">
          <Time at={proposal.expires_at} />
        </Fact>
      ) : null}
      {proposal.decided_at === null ? null : (
        <Fact label="Decided">
          <Time at={proposal.decided_at} />
          {proposal.decided_by === null ? null : (
            <>
              {" by "}
              <Untrusted text={proposal.decided_by} max={64} />
            </>
          )}
        </Fact>
      )}
      {proposal.decision_reason === null ? null : (
        <Fact label="Why">
          <Untrusted text={proposal.decision_reason} max={500} />
        </Fact>
      )}
      {proposal.version_number === null ? null : (
        <Fact label="Became">
          <a href={`/prompts/${proposal.version_number}`} safe>
            {`Version ${proposal.version_number}`}
          </a>
        </Fact>
      )}
    </dl>
  );
}

function Evidence({ checks }: { checks: Check[] }) {
  if (checks.length === 0) return <Empty>Nothing was checked: this proposal is older than the checks.</Empty>;
  return (
    <ul class="log evidence">
      {checks
        .toSorted((one, other) => Number(other.hit) - Number(one.hit))
        .map(({ name, hit, items }) => (
          <li>
            <div class="log-what">
              <p>
                <Badge wording={hit ? HIT : CLEAR} /> <strong safe>{CHECK[name].title}</strong>
                {items.length > 0 || CHECK[name].clear === "" ? null : <span class="by" safe>{`: ${CHECK[name].clear}`}</span>}
              </p>
              {items.length === 0 ? null : (
                <ul class="evidence-items">
                  {items.map((item) => (
                    <li>
                      <Untrusted text={item} />
                    </li>
                  ))}
                </ul>
              )}
            </div>
          </li>
        ))}
    </ul>
  );
}

function DecisionForm({ proposal }: { proposal: PromptProposal }) {
  return (
    <Section id="decision" title="Decision" note="it changes nothing until you approve it">
      {proposal.is_stale ? <p>Another prompt has become active since, so this proposal can only be rejected.</p> : null}
      <form method="post" action={`/proposals/${proposal.id}`} class="decision prompt-form">
        <label for="why">Why (the agent hears it at its next run)</label>
        <input id="why" name="reason" required maxlength="500" autocomplete="off" />
        {proposal.is_stale ? null : (
          <details>
            <summary>Edit it first</summary>
            <label for="edited">The text that becomes active when you approve it with edits</label>
            <textarea id="edited" name="text" rows="16" maxlength="50000" spellcheck="false" translate="no" dir="auto" safe>
              {`\n${proposal.text}`}
            </textarea>
            <button name="decision" value="approve_edited">
              Approve with edits
            </button>
          </details>
        )}
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
