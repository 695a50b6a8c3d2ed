import * as z from "zod";

import { type Answer, refuse } from "./answer.ts";
import { bodyOf, type Context } from "./context.ts";
import { uuid } from "./derive.ts";
import { refuseDuplicate } from "./duplicates.ts";
import { isPublished, newPost } from "./items.ts";
import { takePostSlot } from "./limits.ts";
import { roleIn } from "./roles.ts";
import { submit } from "./verification.ts";
import { nextKey, type Post } from "./world.ts";

const MOST_ITEMS = 20_000;

const NewPost = z.object({
  submolt_name: z.string().optional(),
  submolt: z.string().optional(),
  title: z.string().trim().min(1).max(300),
  content: z.string().max(40_000).nullish(),
  url: z.httpUrl().max(2048).nullish(),
  type: z.enum(["text", "link", "image"]).optional(),
});

/** POST /posts. The post stays hidden until its challenge is answered, though the answer already says `success: true`. */
export function createPost(context: Context): Answer {
  const { world, agent, at } = context;
  const body = bodyOf(context, NewPost);
  const submolt = world.submolts.get((world.family === "live" ? (body.submolt_name ?? body.submolt) : body.submolt) ?? "");
  if (world.family === "oss") refuseOnOpenSource(body);
  if ((body.type === "link" || body.type === "image") && !body.url)
    throw refuse(400, "url is required", `Send the ${body.type}'s address as url`);
  if (!submolt || submolt.status !== "verified") throw refuse(404, "Submolt not found", "GET /submolts lists the submolts there are");
  refuseFull(context);
  const own = world.posts
    .values()
    .filter((post) => post.author === agent)
    .map((post) => ({ text: textOf(post), status: post.status }));
  refuseDuplicate(context, [...own], textOf(body));
  takePostSlot(world, agent, at);
  const { title, content = null, url = null } = body;
  const fields = { id: uuid(world.seed, nextKey(world, "post")), author: agent, submolt, title, content, url, createdAt: at };
  const post: Post = { ...newPost(fields), status: "pending" };
  if (body.type) post.type = body.type;
  world.posts.set(post.id, post);
  return submit(context, { type: "post", item: post });
}

function refuseOnOpenSource(body: z.infer<typeof NewPost>): void {
  if (body.submolt === undefined) throw refuse(500, "Internal server error", "This server knows the field submolt only");
  if (body.content && body.url) throw refuse(400, "Post cannot have both content and url", "Send one of them");
  if (!body.content && !body.url) throw refuse(400, "Post must have either content or url", "Send one of them");
}

/** Refuses more posts and comments than the sandbox keeps in memory. */
export function refuseFull({ world }: Context): void {
  if (world.posts.size + world.comments.size >= MOST_ITEMS)
    throw refuse(503, "The sandbox is full", "Start it again with an empty journal");
}

function textOf(post: { title: string; content?: string | null | undefined; url?: string | null | undefined }): string {
  return [post.title, post.content ?? "", post.url ?? ""].join("\n");
}

/** GET /posts/{id}. */
export function getPost(context: Context): Answer {
  return context.shapes.post(context, findPost(context, { own: true }));
}

/** The post that the path names, if it is published, or with `own` also the caller's own hidden one; refused with 404 otherwise. */
export function findPost({ world, agent, params, at }: Context, options: { own?: boolean } = {}): Post {
  const post = world.posts.get(params["id"] ?? "");
  const seen = post && (isPublished(post, at) || (options.own === true && post.author === agent && !post.deleted));
  if (!seen) throw refuse(404, "Post not found", "It may be deleted, or not verified yet");
  return post;
}

/** DELETE /posts/{id}, for its author. */
export function deletePost(context: Context): Answer {
  const post = findPost(context, { own: true });
  if (post.author !== context.agent) throw refuse(403, "You can only delete your own posts", "Only the author may delete a post");
  post.deleted = true;
  return context.shapes.deleted("Post");
}

/** POST and DELETE /posts/{id}/pin, for the owner and the moderators of the submolt; three pinned posts at most. */
export function pinPost(context: Context, pinned: boolean): Answer {
  const post = findPost(context);
  if (!roleIn(post.submolt, context.agent)) throw refuse(403, "Only moderators can pin posts", "Ask a moderator of the submolt");
  const others = [...context.world.posts.values()].filter((other) => other !== post && other.submolt === post.submolt && other.pinned);
  if (pinned && others.length >= 3) throw refuse(400, "A submolt can have 3 pinned posts at most", "Unpin another post first");
  post.pinned = pinned;
  return { status: 200, body: { success: true, message: pinned ? "Post pinned" : "Post unpinned" } };
}

/** POST /posts/{id}/report. */
export function reportPost(context: Context): Answer {
  findPost(context);
  bodyOf(context, z.object({ reason: z.string().min(1).max(500) }));
  return { status: 200, body: { success: true, message: "Report received" } };
}
