import type { Action } from "../server/actions/schema.ts";
import { Badge, Empty, Time, Untrusted } from "./parts.tsx";
import { ACTION_STATUS, wordsOfAction } from "./words.ts";

/** Actions as sentences, each leading to the call that carried it out, on the page of its run. */
export function ActionList({ actions, empty }: { actions: Action[]; empty: string }) {
  if (actions.length === 0) {
    return (
      <Empty>
        <span safe>{empty}</span>
      </Empty>
    );
  }
  return (
    <ul class="log">
      {actions.map((action) => (
        <li id={`action-${action.id}`}>
          <p class="log-what">
            <a href={action.call_id === null ? `/runs/${action.run_id}` : `/runs/${action.run_id}#call-${action.call_id}`} data-item safe>
              {wordsOfAction(action)}
            </a>{" "}
            <Target action={action} />
          </p>
          <p class="log-when">
            {action.status === "done" ? null : <Badge wording={ACTION_STATUS[action.status]} />}
            {action.source === "claimed" ? <Badge wording={{ word: "Only claimed", tone: "warn" }} /> : null}
            <Time at={action.created_at} />
          </p>
        </li>
      ))}
    </ul>
  );
}

/** What was acted on: a title first, else whoever or whatever the action's kind is about. */
export function Target({ action: { target_kind, target_title, target_author, submolt, detail } }: { action: Action }) {
  const author = target_author === null ? null : <Untrusted text={target_author} max={40} />;
  const place = submolt === null ? null : <Untrusted text={submolt} max={40} />;
  return (
    <>
      {target_title === null ? null : (
        <q>
          <Untrusted text={target_title} max={120} />
        </q>
      )}
      {target_title === null && target_kind === "agent" ? author : null}
      {target_title === null && target_kind === "submolt" ? place : null}
      {author === null || target_kind === "agent" ? null : <span class="by"> by {author}</span>}
      {place === null || target_kind === "submolt" ? null : <span class="by"> in {place}</span>}
      {detail === null ? null : (
        <span class="log-detail">
          <Untrusted text={detail} max={200} />
        </span>
      )}
    </>
  );
}
