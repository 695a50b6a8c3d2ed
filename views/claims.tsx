import type { Action } from "../server/actions/schema.ts";
import type { Claim, ClaimStatus } from "../server/claims/schema.ts";
import type { Run } from "../server/runs/schema.ts";
import { aloneOf, beginningOf, Target } from "./actions.tsx";
import { plural } from "./format.ts";
import { Badge, Empty, Fact, Untrusted } from "./parts.tsx";
import type { Wording } from "./words.ts";

/** How a claim stands with the record; never whether somebody lied. */
const CLAIM: Record<ClaimStatus, Wording> = {
  confirmed: { word: "In the record", tone: "ok" },
  unconfirmed: { word: "Not clear", tone: "quiet" },
  contradicted: { word: "Against the record", tone: "bad" },
  unreported: { word: "Not said", tone: "warn" },
};

/** What an agent said at the end of a run, each sentence with what the record has for and against it. `actions` are those of the run. */
export function ClaimList({ run, claims, actions }: { run: Run; claims: Claim[]; actions: Action[] }) {
  if (claims.length === 0)
    return (
      <Empty>
        <span safe>{emptyOf(run)}</span>
      </Empty>
    );
  return (
    <ul class="log claims">
      {claims.map((claim) => (
        <li id={`claim-${claim.seq}`}>
          <div class="log-what">
            {claim.status === "unreported" ? (
              <span safe>{aloneOf({ type: claim.type as Action["type"], mode: claim.mode })}</span>
            ) : (
              <Untrusted text={claim.text} max={300} />
            )}
            <p class="log-detail" safe>
              {explanationOf(claim)}
            </p>
            <Evidence claim={claim} actions={actions} />
          </div>
          <p class="log-when">
            <Badge wording={CLAIM[claim.status]} />
          </p>
        </li>
      ))}
    </ul>
  );
}

/** In how many words a run's claims stand, for the heading beside them. */
export function noteOfClaims(claims: Claim[]): string | undefined {
  if (claims.length === 0) return undefined;
  const against = claims.filter(({ status }) => status === "contradicted").length;
  const said = claims.filter(({ status }) => status !== "unreported").length;
  return `${plural(said, "claim")} in its last words, ${against === 0 ? "none against the record" : `${against} against the record`}`;
}

function emptyOf({ kind, finished_at, summary }: Run): string {
  if (kind === "claimed") return "This run was told of from outside. There is no record of ours to hold it against.";
  if (kind === "ad_hoc") return "Calls of a manual client end without a report.";
  if (finished_at === null) return "What it says is held against the record when it has ended.";
  return summary === null
    ? "It ended without a report."
    : "Its report claims nothing that can be looked up, and nothing was done that it leaves out.";
}

/** Why a claim stands as it does, in a sentence. */
function explanationOf(claim: Claim): string {
  return WHY[claim.evidence.reason](claim);
}

const counts = ({ evidence: { said, found } }: Claim) => `It says ${said}; the record has ${found}.`;
const WHY: Record<Claim["evidence"]["reason"], (claim: Claim) => string> = {
  matches: (claim) =>
    claim.type === "nothing"
      ? "The record has nothing that others can notice."
      : claim.evidence.said > 1
        ? counts(claim)
        : "The record has it.",
  not_in_record: ({ status }) =>
    status === "contradicted" ? "Not found in the record." : "Not found in the record; what is only read may have been seen otherwise.",
  fewer_in_record: counts,
  other_target: ({ status }) =>
    status === "contradicted"
      ? "Not found in the record, which has such an action on something else."
      : "The record has such an action, but does not tell whether on the same.",
  pending_verification: () => "On record, but it waits for its verification: nobody else sees it.",
  not_carried_out: () => "It was tried, and not carried out.",
  acted: () => "The record has actions that others can notice.",
  not_said: ({ evidence: { found } }) => `${found === 1 ? "It is" : `${found} are`} on record; the report does not say so.`,
};

/** The actions that a claim was held against, and the calls that came to nothing where it is not borne out. */
function Evidence({ claim, actions }: { claim: Claim; actions: Action[] }) {
  const held = actions.filter(({ id }) => claim.action_ids.includes(id));
  const refused = claim.status === "confirmed" ? [] : claim.evidence.refused;
  return (
    <>
      {held.map((action) => (
        <p class="held">
          <a href={action.call_id === null ? `/runs/${action.run_id}` : `/runs/${action.run_id}#call-${action.call_id}`} safe>
            {beginningOf(action)}
          </a>{" "}
          <Target action={{ ...action, detail: null }} />
        </p>
      ))}
      {refused.map((id, at) => (
        <p class="held">
          <a href={`/runs/${claim.run_id}#call-${id}`} safe>
            {refused.length === 1 ? "The call that came to nothing" : `Call ${at + 1} that came to nothing`}
          </a>
        </p>
      ))}
    </>
  );
}

/** What a run that was told of from outside is called where it ran. */
export function ToldFacts({ run: { external_id, script_variant, run_number } }: { run: Run }) {
  const script = [script_variant, run_number === null ? null : `run ${run_number}`].filter(Boolean).join(", ");
  return (
    <>
      {external_id === null ? null : (
        <Fact label="Called there">
          <Untrusted text={external_id} max={200} />
        </Fact>
      )}
      {script === "" ? null : (
        <Fact label="Script">
          <Untrusted text={script} max={120} />
        </Fact>
      )}
    </>
  );
}
