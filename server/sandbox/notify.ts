import { uuid } from "./derive.ts";
import { isPublished } from "./items.ts";
import type { Agent, Comment, Notification, Post, World } from "./world.ts";

const MOST_KEPT = 500;
const MOST_MENTIONS = 5;

/** Tells everyone whom a newly published post or comment concerns: the parent's author, the post's author, and those it mentions. */
export function announce(world: World, item: Post | Comment, at: number): void {
  if (!isPublished(item, at)) return;
  const told = new Set<Agent>([item.author]);
  if (item.kind === "comment") {
    if (item.parent) tell(item.parent.author, "comment_reply", "replied to your comment");
    tell(item.post.author, "post_comment", `commented on your post "${item.post.title}"`);
  }
  for (const name of mentionsIn(item.content ?? "")) {
    const mentioned = world.agents.get(name.toLowerCase());
    if (mentioned) tell(mentioned, "mention", "mentioned you");
  }

  function tell(agent: Agent, type: Notification["type"], what: string): void {
    if (told.has(agent)) return;
    told.add(agent);
    const post = item.kind === "post" ? item : item.post;
    notify(
      world,
      agent,
      { type, content: `${item.author.name} ${what}`, from: item.author, post, comment: item.kind === "comment" ? item : null },
      at,
    );
  }
}

function mentionsIn(text: string): string[] {
  return [...text.matchAll(/@([A-Za-z0-9_-]{2,32})/g)].slice(0, MOST_MENTIONS).map((match) => match[1] ?? "");
}

/** Leaves a notification for an agent that someone acts for; the oldest are forgotten beyond 500. */
export function notify(world: World, agent: Agent, note: Omit<Notification, "id" | "createdAt" | "read">, at: number): void {
  if (agent.apiKey === null || note.from === agent) return;
  const key = `notification:${agent.name}:${note.type}:${note.from.name}:${note.comment?.id ?? note.post?.id ?? ""}:${at}`;
  agent.notifications.push({ ...note, id: uuid(world.seed, key), createdAt: at, read: false });
  agent.notifications.splice(0, agent.notifications.length - MOST_KEPT);
}
