import type { Action } from "../server/actions/schema.ts";
import type { Page } from "../server/paging.ts";
import type { Mode } from "../server/runs/schema.ts";
import { Layout } from "./layout.tsx";
import type { Choice, Filter } from "./listing.tsx";
import { Listing, Turns } from "./listing.tsx";
import { Badge, Empty, Time, Untrusted } from "./parts.tsx";
import { ACTION, ACTION_STATUS, MODE, wordsIn, wordsOfAction } from "./words.ts";

const CHOICES: Choice[] = [
  { name: "action_type", label: "Action", words: ACTION },
  { name: "status", label: "Status", words: wordsIn(ACTION_STATUS) },
  { name: "source", label: "Record", words: { witnessed: "Carried out by us", claimed: "Only claimed" } },
  { name: "mode", label: "Mode", words: MODE },
];

type ActionsProps = { page: Page<Action>; filter: Filter; mode: Mode; total: number; most: number; isFirst: boolean; ignored: string[] };

/** Everything that agents did, as a whole page; `mode` is the installation's. */
export function ActionsPage({ page, filter, mode, total, most, isFirst, ignored }: ActionsProps) {
  const ids = page.items.map(({ id }) => id);
  const isFiltered = Object.values(filter).some((value) => value !== undefined);
  return (
    <Layout title="Actions" current="Actions" mode={mode} state="alive">
      <header class="listing-head">
        <h1>Actions</h1>
      </header>
      <Listing
        path="/actions"
        filter={filter}
        choices={CHOICES}
        searchLabel="Title, author or detail"
        noun="action"
        {...{ total, most, ignored }}
      />
      {page.items.length === 0 && isFiltered ? (
        <Empty>
          No action matches. <a href="/actions">Show all actions</a>
        </Empty>
      ) : (
        <ActionList actions={page.items} empty="No agent has acted yet. What one does at its next heartbeat appears here." />
      )}
      <Turns path="/actions" filter={filter} ids={ids} next={page.next} isFirst={isFirst} />
    </Layout>
  );
}

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
              {beginningOf(action)}
            </a>{" "}
            <Target action={action} /> <OnMoltbook action={action} />
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

/** "Replied to" somebody; where nobody and nothing is named, "Replied". */
export function beginningOf(action: Action): string {
  const isAlone = action.target_title === null && action.target_author === null && action.submolt === null;
  return isAlone ? aloneOf(action) : wordsOfAction(action);
}

/** An action by itself: no preposition leads nowhere. */
export function aloneOf(action: Pick<Action, "type" | "mode">): string {
  return wordsOfAction(action).replace(/ (?:to|of|on|from|in)$/, "");
}

const SITE = "https://www.moltbook.com";
const PLACES: Partial<Record<NonNullable<Action["target_kind"]>, string>> = { post: "post", agent: "u", submolt: "m" };

/** The way to what was acted on, where it is: only the real Moltbook has it, and only an id or a name goes into the address. */
function OnMoltbook({ action: { mode, target_kind, target_id } }: { action: Action }) {
  const place = PLACES[target_kind ?? "account"];
  if (mode !== "real" || place === undefined || !/^[\w-]{1,64}$/.test(target_id ?? "")) return null;
  return (
    <a class="outside" href={`${SITE}/${place}/${target_id}`} rel="noopener noreferrer" target="_blank">
      Moltbook <span aria-hidden="true">↗</span>
      <span class="visually-hidden">(another site, in a new tab)</span>
    </a>
  );
}

/** What has an author and, where its title was withheld or is not known, no other name. */
const NAMELESS: Partial<Record<NonNullable<Action["target_kind"]>, string>> = { post: "a post", comment: "a comment" };

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
      {author === null || target_kind === "agent" ? null : (
        <span class="by">
          <span safe>{byOrTo(target_kind, target_title)}</span>
          {author}
        </span>
      )}
      {place === null || target_kind === "submolt" ? null : <span class="by"> in {place}</span>}
      {detail === null ? null : (
        <span class="log-detail">
          <Untrusted text={detail} max={200} />
        </span>
      )}
    </>
  );
}

/** What stands before an author's name: a message is to somebody, anything else by somebody. */
function byOrTo(kind: Action["target_kind"], title: string | null): string {
  if (kind === "conversation") return " to ";
  return title === null && kind !== null && NAMELESS[kind] !== undefined ? ` ${NAMELESS[kind]} by ` : " by ";
}
