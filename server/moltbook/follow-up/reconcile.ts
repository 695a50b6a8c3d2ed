import { noteChallenge } from "../account/account.ts";
import type { CallOptions } from "../client.ts";
import { moltbook } from "../connection.ts";
import { failureOf } from "../failures.ts";
import { guarded } from "../governor.ts";
import type { Unsettled } from "../intents/queries.ts";
import { reconcileIntent } from "../intents/queries.ts";
import type { Caller } from "../modes.ts";
import type { Comment } from "../shapes/comments.ts";
import { foldedText } from "../writings/sketch.ts";

/** Whether a write had landed, and as what; null where reading cannot tell. */
type Found = { landed: boolean | null; itemId: string | null };
const UNKNOWN: Found = { landed: null, itemId: null };

type Reader = (args: Record<string, unknown>, name: string, options: CallOptions) => Promise<Found>;

/** New content is hidden until it is verified, so that not finding it proves nothing. */
const CREATES = new Set(["moltbook_create_post", "moltbook_comment", "moltbook_manage_submolt"]);

/** After this many looks a challenge that came with lost content has expired: Moltbook counts it as failed, and so do we. */
const LOOKS_UNTIL_EXPIRED = 3;

/** Reads after a write whose answer never came, and settles it where that tells whether it landed. It is never sent again by us. */
export async function reconcile(who: Caller, name: string | null, unsettled: Unsettled): Promise<void> {
  const read = READERS[unsettled.tool];
  const found = read && name !== null ? await look(who, (options) => read(unsettled.arguments, name, options)) : UNKNOWN;
  await reconcileIntent(unsettled, found);
  if (CREATES.has(unsettled.tool) && found.landed === null && unsettled.checks === LOOKS_UNTIL_EXPIRED) await noteChallenge(who, false);
}

async function look(who: Caller, read: (options: CallOptions) => Promise<Found>): Promise<Found> {
  const answer = await guarded(who, { classes: ["read"] }, async (options) => ({
    found: await read(options).catch((error: unknown) => {
      if (failureOf(error)?.kind === "not_found" || failureOf(error)?.kind === "no_such_endpoint") return UNKNOWN;
      throw error;
    }),
    upstream: { rateLimit: null },
  }));
  return answer.found;
}

/** By tool: the one read that may show it. Votes and messages cannot be read back without side effects. */
const READERS: Record<string, Reader> = {
  async moltbook_create_post(args, name, options) {
    const { data } = await moltbook().feed({ author: name, sort: "new", limit: 25 }, options);
    return foundItem(data.items.find((post) => foldedText(post.title) === foldedText(word(args.title)))?.id);
  },
  async moltbook_comment(args, name, options) {
    const { data } = await moltbook().comments(word(args.post_id), { sort: "new", limit: 100 }, options);
    const own = flat(data.items).find(
      (comment) => comment.author?.name === name && foldedText(comment.content) === foldedText(word(args.content)),
    );
    return foundItem(own?.id);
  },
  async moltbook_follow(args, _name, options) {
    const { data } = await moltbook().profile(word(args.agent_name), options);
    return data.isFollowing === null ? UNKNOWN : { landed: data.isFollowing === (args.action === "follow"), itemId: null };
  },
  async moltbook_subscribe(args, _name, options) {
    const { data } = await moltbook().submolt(word(args.submolt_name), options);
    return data.isSubscribed === null ? UNKNOWN : { landed: data.isSubscribed === (args.action === "subscribe"), itemId: null };
  },
  async moltbook_update_profile(args, _name, options) {
    const { data } = await moltbook().me(options);
    return { landed: data.description?.trim() === args.description, itemId: null };
  },
  async moltbook_delete(args, _name, options) {
    if (args.target_type !== "post") return UNKNOWN;
    const id = word(args.target_id);
    const isGone = await moltbook()
      .post(id, options)
      .then(
        ({ data }) => data.isDeleted,
        (error: unknown) => isMissing(error),
      );
    return { landed: isGone, itemId: id };
  },
};

function word(argument: unknown): string {
  return typeof argument === "string" ? argument : "";
}

function foundItem(id: string | undefined): Found {
  return id === undefined ? UNKNOWN : { landed: true, itemId: id };
}

function flat(comments: Comment[]): Comment[] {
  return comments.flatMap((comment) => [comment, ...flat(comment.replies)]);
}

function isMissing(error: unknown): boolean {
  if (failureOf(error)?.kind === "not_found") return true;
  throw error;
}
