import { tell } from "../account/account.ts";
import { moltbook } from "../connection.ts";
import { failureOf } from "../failures.ts";
import { guarded } from "../governor.ts";
import type { Caller } from "../modes.ts";
import type { Comment } from "../shapes/comments.ts";
import type { Due } from "./queries.ts";
import { recordLook } from "./queries.ts";

const HOUR = 3600;

/** After how many seconds a text that others cannot see is looked for again, by the number of looks before. */
const AGAIN = [HOUR, 6 * HOUR, 24 * HOUR];

/** How long after its publishing a text has to be visible. */
const GRACE_S = 600;

type Sight = "visible" | "pending" | "published" | "absent" | "failed";

/**
 * Looks whether others can see what the agent wrote. What is published and yet not to be found is `hidden`, which may mean that the account is
 * shadow-banned: the first time that is an event. What never passed its verification is `dead`.
 */
export async function lookAfter(who: Caller, name: string | null, due: Due): Promise<void> {
  const sight = await look(who, name, due);
  if (sight === "visible") return recordLook(due, "visible", null);
  if (sight === "failed" || (sight === "absent" && due.state === "pending")) return recordLook(due, "dead", null);
  if (sight === "pending") return due.checks < 5 ? recordLook(due, "pending", 60 * 2 ** due.checks) : recordLook(due, "dead", null);
  if (sight === "published") return recordLook(due, "published", GRACE_S);
  if (due.state !== "hidden") {
    const title = `A ${due.kind} of the agent's is not visible to others ten minutes after it was published`;
    await tell(who, "content_hidden", "high", title, { kind: due.kind, item_id: due.item_id, place: due.place });
  }
  return recordLook(due, "hidden", AGAIN[due.checks] ?? null);
}

function look(who: Caller, name: string | null, due: Due): Promise<Sight> {
  const { kind, item_id: id, place } = due;
  if (kind === "submolt") return sightOf(who, (options) => moltbook().submolt(place, options));
  if (kind === "message" || id === null) return Promise.resolve("visible");
  return kind === "post" ? lookAtPost(who, name, due, id) : lookAtComment(who, due, id);
}

async function lookAtPost(who: Caller, name: string | null, due: Due, id: string): Promise<Sight> {
  const read = { classes: ["read"] as ["read"] };
  const opened = await guarded(who, read, (options) => moltbook().post(id, options)).catch(absent);
  if (opened === "absent") return "absent";
  const status = opened.data.verificationStatus;
  if (status === "pending" || status === "failed") return status;
  if (due.state === "pending") return "published";
  // Its author may still be shown what nobody else is: the lists tell.
  const { data } = await guarded(who, read, (options) => moltbook().feed({ submolt: due.place, sort: "new", limit: 100 }, options));
  if (data.items.some((post) => post.id === id)) return "visible";
  if (name === null) return "absent";
  const own = await guarded(who, read, (options) => moltbook().feed({ author: name, sort: "new", limit: 25 }, options));
  return own.data.items.some((post) => post.id === id) ? "visible" : "absent";
}

async function lookAtComment(who: Caller, due: Due, id: string): Promise<Sight> {
  const thread = await guarded(who, { classes: ["read"] }, (options) =>
    moltbook().comments(due.place, { sort: "new", limit: 100 }, options),
  ).catch(absent);
  if (thread === "absent") return "absent";
  const found = find(thread.data.items, id);
  if (!found) return "absent";
  const status = found.verificationStatus;
  return status === "pending" || status === "failed" ? status : "visible";
}

function find(comments: Comment[], id: string): Comment | undefined {
  for (const comment of comments) {
    const found = comment.id === id ? comment : find(comment.replies, id);
    if (found) return found;
  }
  return undefined;
}

async function sightOf(who: Caller, read: Parameters<typeof guarded>[2]): Promise<Sight> {
  return (await guarded(who, { classes: ["read"] }, read).catch(absent)) === "absent" ? "absent" : "visible";
}

function absent(error: unknown): "absent" {
  if (failureOf(error)?.kind === "not_found") return "absent";
  throw error;
}
