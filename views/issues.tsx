import type { Issue, IssueDetail } from "../server/issues/schema.ts";
import { count, plural } from "./format.ts";
import { Badge, Time, Untrusted } from "./parts.tsx";
import { ISSUE_STATE, nameOfType } from "./security-words.ts";
import { SEVERITY } from "./words.ts";

/** Where the newest event or oddity of an issue is explained. */
export function addressOfIssue({ kind, id }: Pick<Issue, "kind" | "id">): string {
  return kind === "event" ? `/security/events/${id}` : `/security/oddities/${id}`;
}

/**
 * Issues, for whoever may decide about them with the way to: check some, or take all that match, and say what is to become of them. `at` is the page's
 * own address, to which the decision leads back and which names what matches.
 */
export function Issues({ issues, at, mayChange }: { issues: Issue[]; at: string; mayChange: boolean }) {
  const list = (
    <ul class="log issues">
      {issues.map((issue) => (
        <IssueRow issue={issue} mayChange={mayChange} />
      ))}
    </ul>
  );
  if (!mayChange) return list;
  return (
    <form method="post" action="/security/triage" class="triage">
      <input type="hidden" name="at" value={at} />
      {list}
      <fieldset class="triage-how">
        <legend>Decide</legend>
        <label>
          Which
          <select name="scope" id="triage-scope">
            <option value="checked">the checked ones</option>
            <option value="all">all that match</option>
          </select>
        </label>
        <Decision id="triage" />
      </fieldset>
    </form>
  );
}

function IssueRow({ issue, mayChange }: { issue: Issue; mayChange: boolean }) {
  return (
    <li id={`issue-${issue.issue}`}>
      <div class="issue">
        {mayChange ? (
          <input type="checkbox" name="issues" value={issue.issue} id={`check-${issue.issue}`} aria-labelledby={`what-${issue.issue}`} />
        ) : null}
        <p class="log-what" id={`what-${issue.issue}`}>
          <Badge wording={SEVERITY[issue.severity]} />{" "}
          <a href={addressOfIssue(issue)} data-item>
            {issue.title === null ? <span safe>{nameOfType(issue.type)}</span> : <Untrusted text={issue.title} max={160} />}
          </a>
          <span class="log-detail">
            <span safe>{nameOfType(issue.type)}</span>
            {issue.author === null ? null : (
              <>
                {" by "}
                <Untrusted text={issue.author} max={64} />
              </>
            )}
            {issue.count > 1 ? <span safe>{`, ${count(issue.count)} times`}</span> : null}
          </span>
        </p>
      </div>
      <p class="log-when">
        <Badge wording={ISSUE_STATE[issue.state]} />
        <Time at={issue.last_at} />
      </p>
    </li>
  );
}

/** What was decided about an issue, how often it came up, and, for whoever may, the way to decide anew. */
export function IssueBox({ issue, at, mayChange }: { issue: IssueDetail; at: string; mayChange: boolean }) {
  return (
    <>
      <p>
        <Badge wording={ISSUE_STATE[issue.state]} />
        {issue.state === "muted" && issue.until !== null ? (
          <>
            {" until "}
            <span safe>{issue.until.slice(0, 10)}</span>
          </>
        ) : null}
        {". "}
        <span safe>{issue.count === 1 ? "It came up once, " : `It came up ${plural(issue.count, "time")}, first `}</span>
        <Time at={issue.first_at} />
        {issue.count === 1 ? "." : ", last "}
        {issue.count === 1 ? null : <Time at={issue.last_at} />}
        {issue.count === 1 ? null : "."}
      </p>
      {mayChange ? (
        <form method="post" action="/security/triage" class="triage">
          <input type="hidden" name="at" value={at} />
          <input type="hidden" name="scope" value="checked" />
          <input type="hidden" name="issues" value={issue.issue} />
          <fieldset class="triage-how">
            <legend>Decide</legend>
            <Decision id="triage" />
          </fieldset>
        </form>
      ) : null}
      {issue.decisions.length === 0 ? null : (
        <ul class="log">
          {issue.decisions.map(({ id, state, reason, until, decided_by, decided_at }) => (
            <li id={`decision-${id}`}>
              <p class="log-what">
                <Badge wording={ISSUE_STATE[state]} />
                {until === null ? null : <span safe>{` until ${until.slice(0, 10)}`}</span>}
                {reason === null ? null : (
                  <span class="log-detail">
                    <Untrusted text={reason} max={500} />
                  </span>
                )}
              </p>
              <p class="log-when">
                <Untrusted text={decided_by} max={64} />
                <Time at={decided_at} />
              </p>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function Decision({ id }: { id: string }) {
  return (
    <>
      <label>
        What
        <select name="state" id={`${id}-state`}>
          <option value="acknowledged">acknowledge: quiet until it gets worse</option>
          <option value="resolved">resolve: tell me if it comes back</option>
          <option value="muted">mute for a while</option>
          <option value="open">open again</option>
        </select>
      </label>
      <label>
        Why (needed to mute)
        <input name="reason" id={`${id}-reason`} maxlength="500" autocomplete="off" />
      </label>
      <label>
        Muted for
        <select name="days" id={`${id}-days`}>
          <option value="1">a day</option>
          <option value="7" selected>
            a week
          </option>
          <option value="30">30 days</option>
          <option value="90">90 days</option>
        </select>
      </label>
      <button class="primary">Decide</button>
    </>
  );
}

/** Says that a decision was made, and takes it back. */
export function Undo({ batch, at }: { batch: string; at: string }) {
  return (
    <form method="post" action="/security/triage/undo" class="notice tone-ok undo">
      <span role="status">Decided.</span> <input type="hidden" name="at" value={at} />
      <input type="hidden" name="batch" value={batch} />
      <button>Undo</button>
    </form>
  );
}
