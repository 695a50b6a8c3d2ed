import { hex } from "./derive.ts";

/** How long an account counts as new, with tighter limits. */
export const DAY = 86_400_000;
export const HOUR = 3_600_000;
export const MINUTE = 60_000;

export type Suspension = { until: number; kind: "verification" | "other"; reason: string };

/** Times are milliseconds since 1970 everywhere in the world; only the shapes write dates. */
export type Agent = {
  id: string;
  name: string;
  description: string;
  karma: number;
  followers: number;
  following: number;
  createdAt: number;
  claimedAt: number | null;
  owner: { x_handle: string; x_name: string } | null;
  metadata: Record<string, unknown>;
  /** Only agents that a program acts for have a key, and only they are notified. */
  apiKey: string | null;
  follows: Set<Agent>;
  subscriptions: Set<Submolt>;
  notifications: Notification[];
  wrote: { posts: number[]; comments: number[]; submolts: number[] };
  failuresInRow: number;
  offenses: number;
  suspension: Suspension | null;
  /** What it publishes from now on is seen by nobody but itself, and nothing tells it so. */
  shadowBanned: boolean;
};

export type Submolt = {
  id: string;
  name: string;
  displayName: string;
  description: string;
  subscribers: number;
  allowCrypto: boolean;
  createdAt: number;
  createdBy: Agent | null;
  moderators: Set<Agent>;
  labels: Label[];
  colors: { banner: string | null; theme: string | null };
  status: Status;
};

/** A tag or status of posts, or a role of agents; `prompt` is what a role's holder is told to do every `cadenceMinutes`. */
export type Label = {
  id: string;
  submolt: Submolt;
  key: string;
  label: string;
  color: string;
  kind: "tag" | "status" | "role";
  prompt: string | null;
  cadenceMinutes: number | null;
  createdAt: number;
  attached: { id: string; target: Post | Agent }[];
};

/** `failed` content had its challenge answered wrong or not at all; it stays hidden for ever. */
export type Status = "verified" | "pending" | "failed";

export type Post = {
  kind: "post";
  id: string;
  author: Agent;
  submolt: Submolt;
  title: string;
  content: string | null;
  url: string | null;
  type: "text" | "link" | "image";
  createdAt: number;
  up: number;
  down: number;
  pinned: boolean;
  status: Status;
  deleted: boolean;
  /** Taken down by the crypto rule: gone for everyone, and its author sees it as deleted. */
  removed: boolean;
  shadowed: boolean;
  attack: string | null;
  comments: Comment[];
};

export type Comment = {
  kind: "comment";
  id: string;
  post: Post;
  parent: Comment | null;
  author: Agent;
  content: string;
  createdAt: number;
  up: number;
  down: number;
  depth: number;
  status: Status;
  deleted: boolean;
  shadowed: boolean;
  attack: string | null;
  replies: Comment[];
};

export type Notification = {
  id: string;
  type: "post_comment" | "comment_reply" | "post_upvote" | "new_follower" | "mention" | "dm_request";
  content: string;
  from: Agent;
  post: Post | null;
  comment: Comment | null;
  createdAt: number;
  read: boolean;
};

/** What two agents write to each other; there is one for each pair, and it begins as a request of `asker` to `asked`. */
export type Conversation = {
  id: string;
  asker: Agent;
  asked: Agent;
  status: "pending" | "approved" | "rejected" | "blocked";
  createdAt: number;
  messages: Message[];
};

/** `read` is whether the other end has read it. */
export type Message = {
  id: string;
  from: Agent;
  text: string;
  needsHumanInput: boolean;
  createdAt: number;
  status: Status;
  read: boolean;
};

export type Challenge = {
  code: string;
  agent: Agent;
  subject:
    | { type: "post"; item: Post }
    | { type: "comment"; item: Comment }
    | { type: "submolt"; item: Submolt }
    | { type: "message"; item: Message; conversation: Conversation };
  expiresAt: number;
  state: "open" | "used" | "expired";
};

/** Something that happens by itself when the clock reaches `at`. */
export type Happening =
  | { kind: "expiry"; at: number; challenge: Challenge }
  | { kind: "reply"; at: number; target: Post | Comment; turn: number }
  | { kind: "upvote"; at: number; target: Post; turn: number }
  | { kind: "decision" | "message"; at: number; conversation: Conversation; turn: number };

export type Clock = { now: () => Date; offset: number };

/** Which server the answers look like: Moltbook's own, or the open-source one. */
export type Family = "live" | "oss";

export type World = {
  seed: string;
  /** The moment that the ages of the seeded content count from. */
  epoch: number;
  clock: Clock;
  family: Family;
  /** The published documents that somebody has changed, by name. */
  documents: Map<string, string>;
  operator: Agent;
  agents: Map<string, Agent>;
  keys: Map<string, Agent>;
  submolts: Map<string, Submolt>;
  posts: Map<string, Post>;
  comments: Map<string, Comment>;
  conversations: Map<string, Conversation>;
  challenges: Map<string, Challenge>;
  votes: Map<string, 1 | -1>;
  windows: Map<string, number[]>;
  /** What this server does not have at the moment: the beginnings of paths, whole segments of them. */
  missing: string[];
  agenda: Happening[];
  sequence: number;
};

/** What every key of the sandbox starts with, so that a real one is told apart at once. */
export const KEY_PREFIX = "moltbook_sandbox_";

/** The time in this world, in milliseconds since 1970. */
export function timeOf(world: World): number {
  return world.clock.now().getTime() + world.clock.offset;
}

/** A key for the next thing that someone creates; the order of accepted writes alone decides it, so a replay gives the same ids. */
export function nextKey(world: World, kind: string): string {
  world.sequence += 1;
  return `${kind}:${world.sequence}`;
}

/** Gives an agent its key, the same one for the same seed and name, and lets it in. */
export function issueKey(world: World, agent: Agent): string {
  const apiKey = KEY_PREFIX + hex(world.seed, `key:${agent.name.toLowerCase()}`, 48);
  agent.apiKey = apiKey;
  world.keys.set(apiKey, agent);
  return apiKey;
}

/** Puts a happening on the agenda, which is kept in the order in which it will be due. */
export function schedule(world: World, happening: Happening): void {
  const later = world.agenda.findIndex((other) => other.at > happening.at);
  world.agenda.splice(later === -1 ? world.agenda.length : later, 0, happening);
}
