import type { DocumentSummary, PlatformDocument, VersionState } from "../server/documents/schema.ts";
import type { Page } from "../server/paging.ts";
import type { Mode } from "../server/runs/schema.ts";
import { plain, plural } from "./format.ts";
import { Layout } from "./layout.tsx";
import { Badge, Empty, Pager, Section, Time, Untrusted } from "./parts.tsx";
import type { Wording } from "./words.ts";
import { BAND } from "./words.ts";

export const DOCUMENT_STATE: Record<VersionState, Wording> = {
  pending: { word: "Waits for your review", tone: "warn" },
  approved: { word: "Approved", tone: "ok" },
  rejected: { word: "Rejected", tone: "quiet" },
  replaced: { word: "Replaced", tone: "quiet" },
};

type DocumentsProps = { documents: PlatformDocument[]; versions: Page<DocumentSummary>; mode: Mode };

/** Where each of the platform's documents stands, and every text that was seen. */
export function DocumentsPage({ documents, versions, mode }: DocumentsProps) {
  const waiting = documents.filter(({ latest }) => latest?.state === "pending").length;
  const isEmpty = documents.every(({ checked_at }) => checked_at === null);
  return (
    <Layout title="Platform documents" current="Prompts" mode={mode} state={waiting > 0 ? "attention" : "alive"}>
      <p class="trail">
        <a href="/prompts">Prompts</a>
      </p>
      <header class="statement">
        <div class="statement-words">
          <h1>
            <span safe>
              {isEmpty
                ? "Nothing was fetched yet."
                : waiting === 0
                  ? "Nothing waits for you."
                  : `${plural(waiting, "document")} to review.`}
            </span>
          </h1>{" "}
          <p>
            What Moltbook publishes for agents is fetched once a day. Runs get the copy that you have approved, and never what the site says
            meanwhile.
          </p>
        </div>
      </header>
      <Section id="documents" title="Documents" note="as the site has them now">
        {isEmpty ? (
          <Empty>
            They come with the next run of <a href="/jobs#fetch-documents">fetch-documents</a>, which you can start there at once.
          </Empty>
        ) : (
          <ul class="log">
            {documents.map((document) => (
              <Standing document={document} />
            ))}
          </ul>
        )}
      </Section>
      {versions.items.length === 0 ? null : (
        <Section id="versions" title="Every text" note="newest first">
          <Versions versions={versions.items} />
          <Pager href={versions.next === null ? null : `/documents?cursor=${versions.next}#versions`} />
        </Section>
      )}
    </Layout>
  );
}

function Standing({ document: { name, latest, approved_id, checked_at, fault, fault_since } }: { document: PlatformDocument }) {
  return (
    <li id={`document-${name.replace(".", "-")}`}>
      <div class="log-what">
        <p>
          {latest === null ? null : <Badge wording={DOCUMENT_STATE[latest.state]} />}{" "}
          {latest === null ? (
            <strong>{name}</strong>
          ) : (
            <a href={`/documents/${latest.id}`} data-item>
              {name}
            </a>
          )}
          <span class="log-detail" safe>
            {useOf(latest, approved_id)}
          </span>
          {fault === null || fault_since === null ? null : (
            <span class="log-detail">
              {"Not fetched since "}
              <Time at={fault_since} />
              {": "}
              <Untrusted text={fault} max={300} />
            </span>
          )}
        </p>
      </div>
      <p class="log-when">
        {latest === null ? null : <Badge wording={BAND[latest.band]} />}
        {checked_at === null ? <span>never</span> : <Time at={checked_at} />}
      </p>
    </li>
  );
}

function useOf(latest: DocumentSummary | null, approvedId: string | null): string {
  if (approvedId === null) return "No text of it is approved, so runs do not get it.";
  return latest?.id === approvedId ? "Runs get this text." : "Runs get the text that was approved before.";
}

function Versions({ versions }: { versions: DocumentSummary[] }) {
  return (
    <ul class="log">
      {versions.map((version) => (
        <li>
          <p class="log-what">
            <Badge wording={DOCUMENT_STATE[version.state]} />{" "}
            <a href={`/documents/${version.id}`} data-item>
              {version.name}
            </a>
            {version.decision_reason === null ? null : (
              <span class="log-detail">
                <Untrusted text={version.decision_reason} max={300} />
              </span>
            )}
          </p>
          <p class="log-when">
            {version.families.length === 0 ? null : <span safe>{version.families.map(plain).join(", ")}</span>}
            <Badge wording={BAND[version.band]} />
            <Time at={version.fetched_at} />
          </p>
        </li>
      ))}
    </ul>
  );
}
