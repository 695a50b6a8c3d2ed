import type { DocumentVersion } from "../server/documents/schema.ts";
import type { Mode } from "../server/runs/schema.ts";
import type { Look, Piece } from "./difference.tsx";
import { DifferenceView } from "./difference.tsx";
import { DOCUMENT_STATE } from "./documents.tsx";
import { count, plain } from "./format.ts";
import { Layout } from "./layout.tsx";
import { Badge, Fact, Section, Time, Untrusted, UntrustedBlock } from "./parts.tsx";
import { BAND } from "./words.ts";

type DocumentProps = { version: DocumentVersion; pieces: Piece[]; look: Look; mode: Mode; mayChange: boolean };

/** Longer than any document is: nobody approves what they were not shown. */
const WHOLE = 300_000;

/** A text of a platform document: how it differs from what runs get, what the filter makes of it, and the buttons that decide. */
export function DocumentPage({ version, pieces, look, mode, mayChange }: DocumentProps) {
  const { id, name, state, approved_id: approvedId, text } = version;
  return (
    <Layout title={name} current="Prompts" mode={mode} state={state === "pending" ? "attention" : "alive"}>
      <p class="trail">
        <a href="/documents">Platform documents</a>
      </p>
      <h1 class="statement">
        <span safe>{`${name}: ${DOCUMENT_STATE[state].word.toLowerCase()}`}</span>
      </h1>
      <Facts version={version} />
      {approvedId === id ? null : (
        <Section id="changes" title="Changes" note={approvedId === null ? "nothing is approved yet" : "against the text that runs get"}>
          <DifferenceView pieces={pieces} look={look} address={`/documents/${id}`} />
        </Section>
      )}
      <Section id="text" title="Text" note="as Moltbook publishes it">
        <UntrustedBlock text={text} max={WHOLE} />
      </Section>
      {mayChange ? <DecisionForm version={version} /> : null}
    </Layout>
  );
}

function DecisionForm({ version: { id, state } }: { version: DocumentVersion }) {
  return (
    <Section id="decision" title="Decision" note={state === "approved" ? "runs get this text" : "runs do not get this text"}>
      <form method="post" action={`/documents/${id}`} class="decision">
        <label for="why">Why</label>
        <input id="why" name="reason" required maxlength="500" autocomplete="off" />
        <div class="decision-buttons">
          {state === "approved" ? null : (
            <button class="primary" name="decision" value="approve">
              Approve
            </button>
          )}
          {state === "rejected" ? null : (
            <button name="decision" value="reject">
              Reject
            </button>
          )}
        </div>
      </form>
    </Section>
  );
}

function Facts({ version }: { version: DocumentVersion }) {
  return (
    <dl class="facts run-facts">
      <Fact label="First seen">
        <Time at={version.fetched_at} />
      </Fact>
      <Fact label="Filter">
        <Badge wording={BAND[version.band]} />
      </Fact>
      <Fact label="For">
        <span safe>{version.families.length === 0 ? "nothing" : version.families.map(plain).join(", ")}</span>
      </Fact>
      <Fact label="Characters">
        <span safe>{count(version.length)}</span>
      </Fact>
      {version.decided_at === null ? null : (
        <Fact label="Decided">
          <Time at={version.decided_at} />
          {" by "}
          <Untrusted text={version.decided_by ?? "nobody"} max={64} />
          {": "}
          <Untrusted text={version.decision_reason ?? ""} max={500} />
        </Fact>
      )}
      <Fact label="SHA-256">
        <code safe>{version.sha256}</code>
      </Fact>
    </dl>
  );
}
