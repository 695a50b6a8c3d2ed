import { normalise } from "./normalise.ts";
import type { ItemKind } from "./schema.ts";

/** What is known of the item that a string belongs to. */
export type Owner = { kind: ItemKind; itemId: string | null; author: string | null };

/** Kind of the objects found under a key, as the value itself or as elements of a list. */
const KIND_OF_KEY = new Map<string, ItemKind>([
  ...keysOf("post", "post", "posts", "data", "recentPosts", "recent_posts", "latest_moltbook_announcement", "activity_on_your_posts"),
  ...keysOf("comment", "comment", "comments", "replies", "recentComments", "recent_comments"),
  ...keysOf(
    "agent",
    "agent",
    "agents",
    "author",
    "owner",
    "your_account",
    "moderators",
    "with_agent",
    "from",
    "from_agent",
    "sender",
    "followers",
  ),
  ...keysOf("submolt", "submolt", "submolts"),
  ...keysOf("notification", "notification", "notifications"),
  ...keysOf("message", "messages", "requests", "conversation", "conversations", "your_direct_messages"),
]);

const RESULT_KINDS = ["post", "comment", "agent", "submolt"] as const satisfies ItemKind[];
const AUTHOR_KEYS = ["author", "author_name", "from", "from_agent", "sender", "with_agent", "created_by"];
const ID_KEYS = ["id", "post_id", "comment_id", "conversation_id"];
const AGENT_KEYS = ["name", ...AUTHOR_KEYS];
const NAMED_ID_KEYS = [...ID_KEYS, "name"];
const LONGEST_NAME = 100;

type Fields = Record<string, unknown>;

/** Kind of the item under a key; undefined where the key says nothing (the value then belongs to whatever encloses it). */
export function kindOfKey(key: string): ItemKind | undefined {
  return key === "results" ? "post" : KIND_OF_KEY.get(key);
}

/** Whether a key poses as the filter's own annotation, in whatever spelling. */
export function isForged(name: string): boolean {
  return (
    name.length <= 100 &&
    normalise(name)
      .text.toLowerCase()
      .replace(/[^a-z]/g, "") === "moltbotfilter"
  );
}

/** Kind, id and author of an item, from its own fields. Search results say their kind in `type`. Names and ids are cut at 100 units. */
export function ownerOf(item: object, kindOfPlace: ItemKind, key: string | null): Owner {
  const fields = item as Fields;
  const kind = (key === "results" && RESULT_KINDS.find((known) => known === fields.type)) || kindOfPlace;
  const named = kind === "agent" || kind === "submolt";
  const author = firstName(fields, kind === "agent" ? AGENT_KEYS : AUTHOR_KEYS);
  return { kind, itemId: firstName(fields, named ? NAMED_ID_KEYS : ID_KEYS), author };
}

function firstName(fields: Fields, keys: string[]): string | null {
  for (const key of keys) {
    const value = fields[key];
    const name = typeof value === "object" && value !== null && "name" in value ? value.name : value;
    if ((typeof name === "string" && name !== "") || typeof name === "number") return String(name).slice(0, LONGEST_NAME);
  }
  return null;
}

function keysOf(kind: ItemKind, ...keys: string[]): [string, ItemKind][] {
  return keys.map((key) => [key, kind]);
}
