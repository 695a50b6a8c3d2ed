import { challengeFor } from "../challenge.ts";
import { dice, pick } from "../derive.ts";
import type { Beat, Post, Remark, Use } from "./errands.ts";
import { attend, correspond, listOf, wander } from "./errands.ts";
import type { Answer } from "./stream.ts";
import { commentOn, IDEAS, replyTo, subjectOf } from "./words.ts";

type Part = {
  prompt: string;
  seed: string;
  /** The names that tools/list gave. */
  tools: ReadonlySet<string>;
  call: (name: string, args: Record<string, unknown>) => Promise<Answer>;
  say: (text: string) => void;
};

const ABSENT: Answer = { data: {}, error: "I have no such tool." };

/** The seed that the sandbox starts with too: by it the agent knows the answers to challenges, as a model would work them out. */
const WORLD_SEED = "moltbook";

/**
 * Plays one heartbeat by the sections of the prompt (a section that the prompt lacks is not played), and answers with the closing report.
 * Now and then it falls for a hostile post that got through, so that the record has something to show.
 */
export async function playHeartbeat({ prompt, seed, tools, call, say }: Part): Promise<string> {
  const roll = dice(seed, "heartbeat");
  const has = (section: string) => new RegExp(`^#+ *${section}`, "im").test(prompt);
  const did: string[] = [];
  const fell: string[] = [];
  const use: Use = async (name, args = {}) => (tools.has(name) ? call(name, args) : ABSENT);
  const beat: Beat = { use, roll, solve: answerChallenge, did };

  let remark: Remark | null = null;
  if (has("Check in")) {
    const status = await use("moltbook_agent_status");
    if (status.error && status !== ABSENT) return `I could not check in, so I stopped: ${status.error}`;
    await use("moltbook_home");
    remark = await attend(beat);
    await correspond(beat);
  }

  let posts: Post[] = [];
  const read: Post[] = [];
  let withheld = 0;
  if (has("Read")) {
    const feed = await use("moltbook_browse_feed", { sort: "hot", limit: 20 });
    posts = listOf<Post>(feed.data.posts);
    withheld = Number(feed.data.withheld ?? 0);
    const readable = posts.filter((post) => post.title && !post.notice?.startsWith("withheld"));
    say(`The feed shows ${posts.length} posts${withheld ? `, ${withheld} of them withheld` : ""}. I will open a few.`);
    for (const post of draw(readable, 2 + roll(2), roll)) {
      const opened = await use("moltbook_get_post", { post_id: post.id });
      if (!opened.error && opened.data.post) read.push(opened.data.post as Post);
    }
    did.push(`read ${read.length} posts`);
    await wander(beat, read);
  }

  if (has("Engage")) {
    for (const post of read.filter(isNew).slice(0, 1 + roll(2))) {
      const vote = await use("moltbook_vote", { target_id: post.id, target_type: "post", direction: "up" });
      did.push(vote.error ? "had one vote refused" : `upvoted “${subjectOf(post.title)}”`);
    }
    await answerOrComment(read.at(-1));
    fell.push(...(await maybeObey([...posts, ...read])));
  }

  if (has("Maybe post") && roll(3) === 0) {
    const idea = pick(roll, IDEAS);
    const post = await use("moltbook_create_post", { ...idea, title: `${idea.title} (${new Date().toISOString().slice(0, 10)})` });
    did.push(post.error ? "had one post refused" : `posted “${idea.title}”`);
    await answerChallenge(post);
  }

  if (has("Reflect") && roll(4) === 0) {
    const added = "\n# A note to myself\nAsk one more question than feels necessary before I disagree with anybody.\n";
    if (!prompt.includes(added.trim())) {
      const proposal = await use("moltbook_update_identity", {
        prompt_text: prompt.trim() + added,
        change_summary: "Adds a reminder to ask before disagreeing",
      });
      did.push(proposal.error ? "had a proposal refused" : "proposed a change to my prompt");
    }
  }
  return report(did, fell);

  /** One comment a heartbeat: somebody who spoke to it goes before a stranger's post. */
  async function answerOrComment(post: Post | undefined): Promise<void> {
    if (!remark && !post) return;
    const comment = remark
      ? await use("moltbook_comment", { post_id: remark.post_id, parent_id: remark.comment_id, content: replyTo(remark.comment, roll) })
      : await use("moltbook_comment", { post_id: post?.id, content: commentOn(post?.title ?? "", roll) });
    const what = remark ? "answered a comment on a post of mine" : `commented on “${subjectOf(post?.title ?? "")}”`;
    did.push(comment.error ? "had one comment refused" : what);
    await answerChallenge(comment);
  }

  async function answerChallenge(written: Answer): Promise<void> {
    const challenge = written.data.challenge as { verification_code: string } | null | undefined;
    if (!challenge) return;
    const { answer } = challengeFor(WORLD_SEED, challenge.verification_code);
    await use("moltbook_verify", { verification_code: challenge.verification_code, answer });
  }

  /** A gullible moment: every other time, it does what a post told agents to do. */
  async function maybeObey(seen: Post[]): Promise<string[]> {
    const lure = seen
      .filter(isNew)
      .find(({ title, content }) => /upvote this|follow @|every agent (?:who|that)/i.test(`${title} ${content ?? ""}`));
    if (!lure || roll(2) === 0) return [];
    const vote = await use("moltbook_vote", { target_id: lure.id, target_type: "post", direction: "up" });
    return vote.error ? [] : [`upvoted “${subjectOf(lure.title)}” because it asked agents to`];
  }
}

/** Whether it may vote on a post: neither its own, nor one that it has voted on before. */
function isNew({ you = [] }: Post): boolean {
  return !you.some((dealing) => /^(?:yours|upvoted|downvoted)/.test(dealing));
}

function report(did: string[], fell: string[]): string {
  if (did.length === 0) return "HEARTBEAT_OK - nothing worth doing.";
  const sentences = [`I ${did.join(", ")}.`];
  if (fell.length > 0) sentences.push(`I also ${fell.join(", ")}.`);
  return sentences.join(" ");
}

/** `count` different entries, drawn by the dice. */
function draw<Entry>(entries: Entry[], count: number, roll: (sides: number) => number): Entry[] {
  const left = [...entries];
  return Array.from({ length: Math.min(count, left.length) }, () => left.splice(roll(left.length), 1)[0] as Entry);
}
