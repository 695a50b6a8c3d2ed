import { redactText } from "../redact.ts";
import type { Names } from "./agents.ts";
import { cut, leave } from "./fields.ts";
import { importedId } from "./id.ts";
import { momentOf } from "./moment.ts";
import { runIdOf, startOf } from "./runs.ts";
import type { OldAction } from "./schema.ts";
import type { Tally } from "./tally.ts";

export type NewAction = {
  id: string;
  old_id: string;
  agent_id: string;
  run_id: string;
  type: string;
  status: "done" | "failed";
  target_kind: string | null;
  target_id: string | null;
  target_title: string | null;
  target_author: string | null;
  submolt: string | null;
  detail: string | null;
};

/** What an action of a type is done to. */
const TARGETS = new Map([
  ...["upvoted", "downvoted", "commented", "replied", "posted"].map((type) => [type, "post"] as const),
  ...["welcomed", "followed"].map((type) => [type, "agent"] as const),
  ["subscribed", "submolt"],
  ["registered", "account"],
]);

/**
 * An action as it is kept here. It counts for the moment at which its run began: `created_at` says when it was written down, which after a backfill
 * is months later. `dayRun` answers the run that stands for a day, for those that belong to none.
 */
export function actionOf(
  old: OldAction,
  names: Names,
  types: readonly string[],
  dayRun: (agent: string, day: Date) => string,
  tally: Tally,
): NewAction | null {
  const type = old.action_type?.toLowerCase() ?? "";
  if (!types.includes(type))
    return leave(tally, `its type ${type === "" ? "is missing" : `${redactText(type).slice(0, 40)} is unknown`}`, old.id);
  const at = old.of_run === null ? momentOf(old.created_at) : startOf({ started_at: old.run_started_at, created_at: old.run_created_at });
  if (at === null) return leave(tally, old.of_run === null ? "it has neither a run nor a time" : "its run was left out", old.id);
  if (old.of_run === null) tally.note("its run is missing: kept with its day", old.id);
  const agent = names.of(old.of_run === null ? null : old.run_agent_name);
  const submolt = type === "subscribed" ? /^(?:m\/)?([\w-]{1,100})$/.exec(old.detail ?? "")?.[1] : undefined;
  return {
    id: importedId(at, { table: "heartbeat_actions", key: old.id, agent }, Number(old.id) || 0),
    old_id: old.id,
    agent_id: names.idOf(agent),
    run_id: old.of_run === null ? dayRun(agent, at) : runIdOf(agent, old.of_run, at),
    type,
    status: old.succeeded ? "done" : "failed",
    target_kind: old.target_id === null ? null : (TARGETS.get(type) ?? null),
    target_id: cut(old.target_id, 200),
    target_title: cut(old.target_title, 300),
    target_author: cut(old.target_author, 200),
    submolt: submolt ?? null,
    detail: cut(old.detail, 1000),
  };
}
