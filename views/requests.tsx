import type { MessageRequest } from "../server/account/schema.ts";
import { REQUEST } from "./account-words.ts";
import { plural } from "./format.ts";
import { Badge, Empty, Time, Untrusted } from "./parts.tsx";

type RequestsProps = { requests: MessageRequest[]; open: number; decided: MessageRequest[]; mayChange: boolean };

/** The open message requests, each with its decision, of which there may be more than are shown; below them what was decided last. */
export function Requests({ requests, open, decided, mayChange }: RequestsProps) {
  return (
    <>
      {requests.length === 0 ? (
        <Empty>Nobody has asked to talk in private. A request appears here as soon as Moltbook tells of one.</Empty>
      ) : (
        <ul class="requests">
          {requests.map((request) => (
            <Request request={request} mayChange={mayChange} />
          ))}
        </ul>
      )}
      {open > requests.length ? (
        <p class="dim" safe>{`${plural(open - requests.length, "older request")} follow when these are decided.`}</p>
      ) : null}
      {decided.length === 0 ? null : (
        <ul class="log decided">
          {decided.map((request) => (
            <Decided request={request} />
          ))}
        </ul>
      )}
    </>
  );
}

function Request({ request, mayChange }: { request: MessageRequest; mayChange: boolean }) {
  const { conversation_id, from_agent, preview, requested_at, first_seen_at } = request;
  // Encoded, an id is made of letters, digits and harmless signs, whatever it was before.
  const id = encodeURIComponent(conversation_id);
  return (
    <li id={`request-${id}`}>
      <div role="group" aria-labelledby={`request-${id}-from`}>
        <p id={`request-${id}-from`}>
          <strong>
            <Untrusted text={from_agent ?? "somebody"} max={64} />
          </strong>
          {" asks to talk, "}
          <Time at={requested_at ?? first_seen_at} />
        </p>
        {preview === null || preview === "" ? (
          <p class="dim">{preview === null ? "Without a word." : "Its words were withheld by the filter."}</p>
        ) : (
          <blockquote class="own-words">
            <Untrusted text={preview} max={1000} />
          </blockquote>
        )}
        {mayChange ? <DecisionForm id={id} /> : null}
      </div>
    </li>
  );
}

function DecisionForm({ id }: { id: string }) {
  return (
    <form method="post" action={`/account/message-requests/${id}`} class="decision">
      <label>
        <span class="dim">Why (need not be said)</span>
        <input name="reason" maxlength="500" autocomplete="off" />
      </label>
      <div class="decision-buttons">
        <button class="primary" name="decision" value="approve">
          Approve
        </button>
        <button name="decision" value="reject">
          Reject
        </button>
        <button name="decision" value="block">
          Reject and block
        </button>
      </div>
    </form>
  );
}

function Decided({ request }: { request: MessageRequest }) {
  const { conversation_id, from_agent, state, decided_at, decision_reason, told_at } = request;
  return (
    <li id={`decided-${encodeURIComponent(conversation_id)}`}>
      <p class="log-what">
        <Badge wording={REQUEST[state]} /> <Untrusted text={from_agent ?? "somebody"} max={64} />
        {told_at === null ? <span class="by"> not confirmed by Moltbook yet</span> : null}
        {decision_reason === null ? null : (
          <span class="log-detail">
            <Untrusted text={decision_reason} max={500} />
          </span>
        )}
      </p>
      <p class="log-when">{decided_at === null ? null : <Time at={decided_at} />}</p>
    </li>
  );
}
