import type { PromptSummary, PromptVersion } from "../server/prompts/schema.ts";
import type { Mode } from "../server/runs/schema.ts";
import type { Look, Piece } from "./difference.tsx";
import { DifferenceView } from "./difference.tsx";
import { count, money } from "./format.ts";
import { Layout } from "./layout.tsx";
import { Fact, Section, Time, Untrusted, UntrustedBlock } from "./parts.tsx";
import { ActivateForm } from "./versions.tsx";

/** `against` is the number of the version that this one is compared to, null for none; `active` that of the active one. */
type PromptProps = {
  version: PromptVersion;
  summary: PromptSummary;
  pieces: Piece[];
  against: number | null;
  active: number | null;
  look: Look;
  mode: Mode;
  mayChange: boolean;
};

/** One version: where it came from, what its runs came to, how it differs from another one, and its text. */
export function PromptPage({ version, summary, pieces, against, active, look, mode, mayChange }: PromptProps) {
  const isActive = version.number === active;
  return (
    <Layout title={`Version ${version.number}`} current="Prompts" mode={mode} state="alive">
      <p class="trail">
        <a href="/prompts">Prompts</a>
      </p>
      <header class="statement">
        <div class="statement-words">
          <h1>
            <span safe>{`Version ${version.number}.`}</span>
          </h1>{" "}
          <p>
            <Untrusted text={version.reason} max={500} />
          </p>
          <p class="statement-aside">{isActive ? "It is the active one." : "It is not active."}</p>
        </div>
      </header>
      {isActive || !mayChange ? null : <ActivateForm number={version.number} active={active} />}
      <Facts version={version} summary={summary} />
      <Section id="changes" title="Changes" note={against === null ? "it has no parent" : `against version ${against}`}>
        <Against version={version.number} against={against} active={active} />
        <DifferenceView
          pieces={pieces}
          look={look}
          address={`/prompts/${version.number}${against === null ? "" : `?against=${against}`}`}
        />
      </Section>
      <Section id="text" title="Text">
        <UntrustedBlock text={version.text} max={60_000} />
      </Section>
    </Layout>
  );
}

function Facts({ version, summary }: { version: PromptVersion; summary: PromptSummary }) {
  return (
    <dl class="facts run-facts">
      <Fact label="Author">
        <Untrusted text={version.author} max={120} />
      </Fact>
      <Fact label="Made">
        <Time at={version.created_at} />
      </Fact>
      <Fact label="Parent">
        {summary.parent_number === null ? (
          "–"
        ) : (
          <a href={`/prompts/${summary.parent_number}`} safe>
            {`Version ${summary.parent_number}`}
          </a>
        )}
      </Fact>
      {summary.proposal_id === null ? null : (
        <Fact label="Came of">
          <a href={`/proposals/${summary.proposal_id}`}>The agent's proposal</a>
        </Fact>
      )}
      <Fact label="Runs">
        <span safe>{count(summary.runs)}</span>
      </Fact>
      <Fact label="Cost">
        <span safe>{money(summary.cost_usd)}</span>
      </Fact>
      <Fact label="Oddities">
        <span safe>{count(summary.oddities)}</span>
      </Fact>
      <Fact label="Characters">
        <span safe>{count(summary.length)}</span>
      </Fact>
      <Fact label="SHA-256">
        <code safe>{version.sha256}</code>
      </Fact>
    </dl>
  );
}

function Against({ version, against, active }: { version: number; against: number | null; active: number | null }) {
  return (
    <form method="get" action={`/prompts/${version}`} class="against">
      <label for="against">Compare with version</label>
      <input id="against" name="against" type="number" min="1" required value={against === null ? undefined : String(against)} />
      <button>Compare</button>
      {active === null || active === version ? null : <a href={`/prompts/${version}?against=${active}#changes`}>With the active one</a>}
    </form>
  );
}
