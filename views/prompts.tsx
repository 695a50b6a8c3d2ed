import type { Page } from "../server/paging.ts";
import type { ProposalSummary } from "../server/prompts/proposals/schema.ts";
import type { Activation, PromptSummary, PromptVersion } from "../server/prompts/schema.ts";
import type { Mode } from "../server/runs/schema.ts";
import type { Look, Piece } from "./difference.tsx";
import { DifferenceView } from "./difference.tsx";
import { plural } from "./format.ts";
import { Layout } from "./layout.tsx";
import { Badge, Empty, Pager, Section, Time, Untrusted, UntrustedBlock } from "./parts.tsx";
import { PROPOSAL_STATUS } from "./proposal.tsx";
import { VersionTable } from "./versions.tsx";

/** A text that could not become a version, because another one became active meanwhile: kept, with its difference to that one. */
export type Kept = { text: string; reason: string; fault: string; pieces: Piece[] };

/** `open` is the proposal that waits; `versions` and `proposals` newest first; `documents` is how many of the platform's documents wait for a review. */
type PromptsProps = {
  active: PromptVersion | null;
  versions: Page<PromptSummary>;
  activations: Activation[];
  open: ProposalSummary | null;
  proposals: Page<ProposalSummary>;
  documents: number;
  mode: Mode;
  mayChange: boolean;
  kept: Kept | null;
};

/** The active prompt, what the agent wants to change of it, every version with what it came to, and the form that makes the next one. */
export function PromptsPage({ active, versions, activations, open, proposals, documents, mode, mayChange, kept }: PromptsProps) {
  const needs = open !== null || documents > 0;
  return (
    <Layout title="Prompts" current="Prompts" mode={mode} state={needs ? "attention" : "alive"}>
      <Statement active={active} />
      {kept === null ? null : <Conflict kept={kept} />}
      {open === null ? null : <OpenProposal proposal={open} />}
      <Section id="active" title="Active" note={active === null ? undefined : plural(active.text.length, "character")}>
        {active === null ? (
          <Empty>There is no prompt, so the agent is not woken. Write one below.</Empty>
        ) : (
          <UntrustedBlock text={active.text} max={60_000} />
        )}
      </Section>
      {mayChange ? (
        <Section id="edit" title="Change it" note="makes a new version; none is ever overwritten">
          <EditForm active={active} kept={kept} />
        </Section>
      ) : null}
      <Section id="versions" title="Versions" note={`figures of ${mode.replace("_", " ")} runs`}>
        {versions.items.length === 0 ? (
          <Empty>None yet.</Empty>
        ) : (
          <VersionTable versions={versions.items} active={active?.number ?? null} mayChange={mayChange} />
        )}
        <Pager href={versions.next === null ? null : `/prompts?cursor=${versions.next}#versions`} />
      </Section>
      <Section id="activations" title="Activations" note="what was active when">
        <Activations activations={activations} />
      </Section>
      <Section id="proposals" title="Proposals" note="of the agent's">
        <Proposals proposals={proposals.items} />
        <Pager href={proposals.next === null ? null : `/prompts?proposals=${proposals.next}#proposals`} />
      </Section>
      <Section id="documents" title="Platform documents">
        <p>
          <a href="/documents">What Moltbook asks of agents</a>
          <span safe>{documents === 0 ? ": nothing waits for you." : `: ${plural(documents, "document")} to review.`}</span>
        </p>
      </Section>
    </Layout>
  );
}

function Statement({ active }: { active: PromptVersion | null }) {
  return (
    <header class="statement">
      <div class="statement-words">
        <h1>
          <span safe>{active === null ? "No prompt is active." : `Version ${active.number} is active.`}</span>
        </h1>{" "}
        {active === null ? null : (
          <p>
            {"Written by "}
            <Untrusted text={active.author} max={120} />
            {active.activated_at === null ? null : ", activated "}
            {active.activated_at === null ? null : <Time at={active.activated_at} />}
            {". Each run says which version it was fed."}
          </p>
        )}
      </div>
    </header>
  );
}

function Conflict({ kept }: { kept: Kept }) {
  return (
    <Section id="changes" title="Not saved yet" note="your text is kept below">
      <p class="notice tone-bad" role="alert" safe>
        {kept.fault}
      </p>
      <DifferenceView pieces={kept.pieces} look={CONFLICT_LOOK} address={null} />
    </Section>
  );
}

const CONFLICT_LOOK: Look = { view: "unified", by: "words", whitespace: "keep" };

function OpenProposal({ proposal }: { proposal: ProposalSummary }) {
  return (
    <Section id="open-proposal" title="Needs you">
      <p>
        <Badge wording={PROPOSAL_STATUS.open} />{" "}
        <a href={`/proposals/${proposal.id}`} data-item>
          The agent proposes a change
        </a>
        {", expires "}
        <Time at={proposal.expires_at} />
        <span safe>{proposal.hits === 0 ? "." : `; ${plural(proposal.hits, "check")} found something.`}</span>
      </p>
      <blockquote class="own-words">
        <Untrusted text={proposal.reason} />
      </blockquote>
    </Section>
  );
}

function EditForm({ active, kept }: { active: PromptVersion | null; kept: Kept | null }) {
  return (
    <form method="post" action="/prompts" class="decision prompt-form">
      {active === null ? null : <input type="hidden" name="expected_parent" value={String(active.number)} />}
      <label for="prompt-text">Text</label>
      <textarea id="prompt-text" name="text" rows="20" required maxlength="50000" spellcheck="false" translate="no" dir="auto" safe>
        {/* A parser of HTML drops the first line feed of a text area (WHATWG HTML, 13.2.6.4.7): this one, never the text's own. */}
        {`\n${kept?.text ?? active?.text ?? ""}`}
      </textarea>
      <label for="prompt-reason">Why</label>
      <textarea id="prompt-reason" name="reason" rows="2" required maxlength="500" safe>
        {`\n${kept?.reason ?? ""}`}
      </textarea>
      <div class="decision-buttons">
        <button class="primary" name="activate" value="yes">
          Save and activate
        </button>
        <button name="activate" value="no">
          Save only
        </button>
      </div>
    </form>
  );
}

function Activations({ activations }: { activations: Activation[] }) {
  if (activations.length === 0) return <Empty>Nothing was ever active.</Empty>;
  return (
    <ul class="log">
      {activations.map(({ number, reason, actor, activated_at }) => (
        <li>
          <p class="log-what">
            <a href={`/prompts/${number}`} safe>
              {`Version ${number}`}
            </a>
            <span class="log-detail">
              <Untrusted text={reason} max={500} />
            </span>
          </p>
          <p class="log-when">
            <Untrusted text={actor} max={64} />
            <Time at={activated_at} />
          </p>
        </li>
      ))}
    </ul>
  );
}

function Proposals({ proposals }: { proposals: ProposalSummary[] }) {
  if (proposals.length === 0)
    return <Empty>The agent has proposed nothing. It may do so twice a day, and nothing becomes active without you.</Empty>;
  return (
    <ul class="log">
      {proposals.map((proposal) => (
        <li>
          <p class="log-what">
            <Badge wording={PROPOSAL_STATUS[proposal.status]} />{" "}
            <a href={`/proposals/${proposal.id}`} data-item>
              <Untrusted text={proposal.reason} max={140} />
            </a>
          </p>
          <p class="log-when">
            {proposal.hits === 0 ? null : <span safe>{plural(proposal.hits, "finding")}</span>}
            <Time at={proposal.created_at} />
          </p>
        </li>
      ))}
    </ul>
  );
}
