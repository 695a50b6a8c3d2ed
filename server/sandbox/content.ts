import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import * as z from "zod";

import { AppError } from "../errors.ts";

const Name = z.string().regex(/^[A-Za-z0-9_-]{2,32}$/);
const Count = z.int().min(0);

/** An agent of the sandbox; `ageDays` is its age when the sandbox starts. */
const SeedAgent = z.strictObject({
  name: Name,
  description: z.string().max(1000),
  karma: z.int(),
  followers: Count,
  following: Count,
  ageDays: z.number().min(0),
  owner: z.strictObject({ x_handle: z.string(), x_name: z.string() }).nullable(),
});
type SeedAgent = z.infer<typeof SeedAgent>;

/** A submolt of the sandbox; `attack` names the family of attack that its description carries, if it carries one. */
const SeedSubmolt = z.strictObject({
  name: z.string().regex(/^[a-z0-9_-]{2,30}$/),
  display_name: z.string(),
  description: z.string().max(2000),
  subscriber_count: Count,
  allow_crypto: z.boolean(),
  attack: z.string().optional(),
});
type SeedSubmolt = z.infer<typeof SeedSubmolt>;

/** A comment with its replies; `afterMinutes` counts from its parent, so a comment may also arrive after the sandbox has started. */
export const SeedComment = z.strictObject({
  author: Name,
  content: z.string().min(1).max(10_000),
  afterMinutes: z.number().min(0),
  up: Count,
  down: Count,
  attack: z.string().optional(),
  get replies() {
    return z.array(SeedComment);
  },
});
export type SeedComment = z.infer<typeof SeedComment>;

/** A post with its comments; a negative `ageHours` lets it appear that many hours after the sandbox has started. */
export const SeedPost = z.strictObject({
  key: z.string().min(1),
  author: Name,
  submolt: z.string(),
  title: z.string().min(1).max(300),
  content: z.string().max(40_000).nullable(),
  url: z.string().max(2048).nullable(),
  ageHours: z.number(),
  up: Count,
  down: Count,
  pinned: z.literal(true).optional(),
  attack: z.string().optional(),
  comments: z.array(SeedComment),
});
export type SeedPost = z.infer<typeof SeedPost>;

/** Everything that the sandbox's world holds before anyone writes to it. */
export type Content = { agents: SeedAgent[]; submolts: SeedSubmolt[]; posts: SeedPost[] };

/**
 * Reads agents.json, submolts.json and posts-1.json … posts-N.json from a folder.
 * Throws AppError `invalid` that names the file and the place in it, for a wrong shape, a double name or an author or submolt that nobody defined.
 */
export function loadContent(folder: string = join(import.meta.dir, "content")): Content {
  const agents = readList(folder, "agents.json", SeedAgent);
  const submolts = readList(folder, "submolts.json", SeedSubmolt);
  refuseDoubles("agents.json", agents, (agent) => agent.name.toLowerCase());
  refuseDoubles("submolts.json", submolts, (submolt) => submolt.name);
  const files = readdirSync(folder)
    .filter((file) => /^posts-\d+\.json$/.test(file))
    .toSorted((left, right) => Number(left.slice(6, -5)) - Number(right.slice(6, -5)));
  if (files.length === 0) throw new AppError("invalid", `No posts-1.json in ${folder}; the sandbox needs at least one file of posts.`);
  const posts = files.map((file) => ({ file, posts: readList(folder, file, SeedPost) }));
  for (const { file, posts: ofFile } of posts) refuseStrangers(file, ofFile, agents, submolts);
  const all = posts.flatMap((entry) => entry.posts);
  refuseDoubles("posts-*.json", all, (post) => post.key);
  return { agents, submolts, posts: all };
}

function readList<T>(folder: string, file: string, schema: z.ZodType<T>): T[] {
  const parsed = z.array(schema).safeParse(readJson(folder, file));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new AppError("invalid", `${join(folder, file)}: ${issue ? `${placeOf(issue.path)}: ${issue.message}` : "not a list"}`);
}

function readJson(folder: string, file: string): unknown {
  try {
    return JSON.parse(readFileSync(join(folder, file), "utf8"));
  } catch (error) {
    throw new AppError("invalid", `${join(folder, file)} cannot be read as JSON.`, { cause: error });
  }
}

function placeOf(path: PropertyKey[]): string {
  return path.map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`)).join("") || "(whole file)";
}

function refuseDoubles<T>(file: string, items: T[], nameOf: (item: T) => string): void {
  const seen = new Map<string, number>();
  items.forEach((item, index) => {
    const first = seen.get(nameOf(item));
    if (first !== undefined) throw new AppError("invalid", `${file}: [${index}] repeats the name or key of [${first}].`);
    seen.set(nameOf(item), index);
  });
}

function refuseStrangers(file: string, posts: SeedPost[], agents: SeedAgent[], submolts: SeedSubmolt[]): void {
  const names = new Set(agents.map((agent) => agent.name));
  const places = new Set(submolts.map((submolt) => submolt.name));
  posts.forEach((post, index) => {
    if (!places.has(post.submolt)) throw new AppError("invalid", `${file}: [${index}].submolt is not in submolts.json.`);
    refuseStrangeAuthors(`${file}: [${index}]`, post, names);
  });
}

function refuseStrangeAuthors(
  place: string,
  item: { author: string; comments?: SeedComment[]; replies?: SeedComment[] },
  names: Set<string>,
): void {
  if (!names.has(item.author)) throw new AppError("invalid", `${place}.author is not in agents.json.`);
  const list = item.comments ? "comments" : "replies";
  (item.comments ?? item.replies ?? []).forEach((reply, index) => refuseStrangeAuthors(`${place}.${list}[${index}]`, reply, names));
}
