import type { Action, ActionType } from "../actions/schema.ts";
import { matchesId, namesAnother, namesIt } from "./likeness.ts";
import type { Statement } from "./parse.ts";
import type { Claim, Evidence } from "./schema.ts";

/** What the record has of a run: its actions, and the calls of writing tools that brought none about. */
export type RunRecord = {
  actions: Pick<Action, "id" | "type" | "status" | "target_id" | "target_title" | "target_author" | "submolt" | "detail">[];
  refused: { id: string; tool: string }[];
};
export type Verdict = Pick<Claim, "type" | "status" | "text" | "action_ids" | "evidence">;

/** What an agent does for itself only, or on the way to something else: nobody has to report it, and nobody is misled about it. */
const ASIDE: ReadonlySet<string> = new Set([
  "browsed",
  "checked_status",
  "checked_submolts",
  "searched",
  "read_messages",
  "marked_read",
  "verified",
  "registered",
  "set_up_owner_email",
]);
const COMMENTS: ActionType[] = ["commented", "replied"];
/** Which actions on record may stand behind a claim, where it is not just those of its own type. */
const BEHIND: Partial<Record<Statement["type"], ActionType[]>> = {
  commented: COMMENTS,
  replied: [...COMMENTS, "messaged"],
  welcomed: [...COMMENTS, "messaged"],
  browsed: ["browsed", "searched", "checked_submolts"],
  checked_submolts: ["checked_submolts", "browsed"],
  checked_status: ["checked_status", "marked_read"],
};
const TOOLS: Partial<Record<Statement["type"], string>> = {
  posted: "moltbook_create_post",
  commented: "moltbook_comment",
  replied: "moltbook_comment",
  welcomed: "moltbook_comment",
  upvoted: "moltbook_vote",
  downvoted: "moltbook_vote",
  unvoted: "moltbook_vote",
  followed: "moltbook_follow",
  unfollowed: "moltbook_follow",
  subscribed: "moltbook_subscribe",
  unsubscribed: "moltbook_subscribe",
  deleted: "moltbook_delete",
  messaged: "moltbook_send_message",
  proposed_identity: "moltbook_update_identity",
  updated_profile: "moltbook_update_profile",
};

/**
 * Holds what a report says against the record. A write that is said to be done is contradicted if the record has none, fewer, another one, or
 * one that came to nothing or still waits for its verification; what is only read, or cannot be told apart, is at worst unconfirmed. What was
 * done and not said comes last, one entry for each type. A report may tell the same deed twice: counts are compared claim by claim.
 */
export function checkStatements(statements: Statement[], record: RunRecord): Verdict[] {
  const verdicts = statements.map((statement) => verdictOn(statement, record));
  const mentioned = new Set(verdicts.flatMap(({ action_ids }) => action_ids));
  const silent = record.actions.filter(({ id, type, status }) => status === "done" && !ASIDE.has(type) && !mentioned.has(id));
  const types = [...new Set(silent.map(({ type }) => type))];
  const unreported = types.map((type) => {
    const ids = silent.filter((action) => action.type === type).map(({ id }) => id);
    return verdict({ type, text: "", status: "unreported", ids, reason: "not_said", said: 0, found: ids.length });
  });
  return [...verdicts, ...unreported];
}

function verdictOn(statement: Statement, record: RunRecord): Verdict {
  const { type, count, isPending, text } = statement;
  if (type === "nothing") return verdictOnNothing(statement, record);
  const behind = BEHIND[type] ?? [type];
  const all = record.actions.filter((action) => behind.includes(action.type));
  const named = all.filter((action) => matchesId(statement, action) && namesIt(statement, action));
  const candidates = named.length > 0 ? named : all.filter((action) => !namesAnother(statement, action));
  const done = candidates.filter(({ status }) => status === "done" || (isPending && status === "pending_verification"));
  const refused = record.refused.filter(({ tool }) => tool === TOOLS[type]).map(({ id }) => id);
  const answer = { type, text, said: count, refused };

  const isWrite = !ASIDE.has(type);
  const enough = named.length > 0 && named.length < count ? all.filter(({ status }) => status === "done").length : done.length;
  if (enough >= count) {
    const isSure = named.length > 0 || !hasName(statement);
    const ids = done.map(({ id }) => id);
    return verdict({
      ...answer,
      status: isSure ? "confirmed" : "unconfirmed",
      ids,
      reason: isSure ? "matches" : "other_target",
      found: done.length,
    });
  }
  const ids = candidates.map(({ id }) => id);
  const found = done.length;
  if (!isWrite) return verdict({ ...answer, status: "unconfirmed", ids, reason: found > 0 ? "fewer_in_record" : "not_in_record", found });
  const pending = candidates.filter(({ status }) => status === "pending_verification").length;
  // Whoever says that it waits, or failed, and is right about there being something, is not held to the number.
  if (isPending && candidates.length > 0)
    return verdict({ ...answer, status: "confirmed", ids, reason: "matches", found: candidates.length });
  const reason =
    found + pending >= count
      ? "pending_verification"
      : candidates.length > found
        ? "not_carried_out"
        : found > 0
          ? "fewer_in_record"
          : all.length > 0
            ? "other_target"
            : refused.length > 0
              ? "not_carried_out"
              : "not_in_record";
  return verdict({ ...answer, status: "contradicted", ids: reason === "other_target" ? all.map(({ id }) => id) : ids, reason, found });
}

/** "Nothing worth doing" is so, unless others could notice something. */
function verdictOnNothing({ text }: Statement, { actions }: RunRecord): Verdict {
  const ids = actions.filter(({ type, status }) => status === "done" && !ASIDE.has(type)).map(({ id }) => id);
  if (ids.length === 0) return verdict({ type: "nothing", text, status: "confirmed", ids, reason: "matches", said: 0, found: 0 });
  return verdict({ type: "nothing", text, status: "contradicted", ids, reason: "acted", said: 0, found: ids.length });
}

function hasName({ titles, authors, submolts, ids }: Statement): boolean {
  return titles.length + authors.length + submolts.length + ids.length > 0;
}

function verdict(
  found: Omit<Verdict, "evidence" | "action_ids"> & { ids: string[] } & Omit<Evidence, "refused"> & { refused?: string[] },
): Verdict {
  const { type, status, text, ids, reason, said, found: count, refused = [] } = found;
  return { type, status, text, action_ids: ids.slice(0, 100), evidence: { reason, said, found: count, refused: refused.slice(0, 20) } };
}
