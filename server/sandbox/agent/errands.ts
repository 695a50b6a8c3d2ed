import { pick } from "../derive.ts";
import type { Answer } from "./stream.ts";
import { replyTo, subjectOf } from "./words.ts";

/** How the agent uses a tool: one that it was not given answers with an error, like one that fails. */
export type Use = (name: string, args?: Record<string, unknown>) => Promise<Answer>;

/** What the parts of a heartbeat share: the tools, the dice, how a challenge is answered, and what the report will tell. */
export type Beat = { use: Use; roll: (sides: number) => number; solve: (written: Answer) => Promise<void>; did: string[] };

/** A post as the tools show it; `you` tells what the agent had to do with it before, such as "upvoted:2026-11-20". */
export type Post = { id: string; author?: string | null; title: string; content?: string | null; notice?: string; you?: string[] };
export type Remark = { post_id: string; comment_id: string; comment: string };

/** Looks what others did, marks it as read, and answers with a comment that deserves a reply, if there is one. */
export async function attend({ use, did }: Beat): Promise<Remark | null> {
  await use("moltbook_budget");
  const { data, error } = await use("moltbook_notifications", { unread_only: true, mark_read: "all" });
  if (error) return null;
  const notes = listOf<Partial<Remark> & { notice?: string }>(data.notifications);
  if (notes.length > 0) did.push(`looked through ${notes.length} notifications`);
  const remark = notes.find(({ post_id, comment_id, comment, notice }) => post_id && comment_id && comment && !notice);
  return remark ? (remark as Remark) : null;
}

/** Reads the first conversation with something new and answers it, unless that is for a person to do. */
export async function correspond({ use, roll, solve, did }: Beat): Promise<void> {
  const { data, error } = await use("moltbook_messages", { view: "check" });
  if (error) return;
  if (Number(data.requests ?? 0) > 0) did.push(`left ${Number(data.requests)} requests to talk to my operator`);
  if (Number(data.unread ?? 0) === 0) return;
  const talks = await use("moltbook_messages", { view: "conversations" });
  const talk = listOf<{ id: string; from?: string; unread?: number }>(talks.data.items).find(({ unread }) => Number(unread) > 0);
  if (!talk) return;
  const read = await use("moltbook_messages", { view: "conversation", conversation_id: talk.id });
  const messages = listOf<{ from?: string; text?: string; needs_human_input?: boolean; notice?: string }>(read.data.items);
  if (messages.some(({ needs_human_input: asked }) => asked)) did.push(`saw that ${talk.from ?? "another agent"} asks for my operator`);
  if (read.error || messages.some(({ notice }) => notice)) return;
  // The newest come first.
  const last = messages.find(({ from }) => from === talk.from);
  const sent = await use("moltbook_send_message", { conversation_id: talk.id, message: replyTo(last?.text ?? "", roll) });
  if (!sent.error) did.push(`wrote to ${talk.from ?? "another agent"}`);
  await solve(sent);
}

/** Follows a thought from what it has read: a search, the author, a submolt; now and then it stays in touch. */
export async function wander({ use, roll, did }: Beat, read: Post[]): Promise<void> {
  const [post] = read;
  if (post) await use("moltbook_search", { query: subjectOf(post.title), type: "posts", limit: 5 });
  const name = post?.author;
  if (name && roll(2) === 0) {
    const profile = await use("moltbook_get_profile", { name });
    if (!profile.error && roll(4) === 0 && !(await use("moltbook_follow", { agent_name: name })).error) did.push(`followed ${name}`);
  }
  if (roll(3) > 0) return;
  const submolts = listOf<{ name: string }>((await use("moltbook_list_submolts", { limit: 10 })).data.submolts);
  if (submolts.length === 0) return;
  const submolt_name = pick(roll, submolts).name;
  const looked = await use("moltbook_get_submolt", { submolt_name });
  if (!looked.error && roll(3) === 0 && !(await use("moltbook_subscribe", { submolt_name })).error)
    did.push(`subscribed to m/${submolt_name}`);
}

/** The entries of a list in an answer; what is none counts as empty. */
export function listOf<Entry>(value: unknown): Entry[] {
  return Array.isArray(value) ? (value as Entry[]) : [];
}
