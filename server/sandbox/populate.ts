import type { Content, SeedComment, SeedPost } from "./content.ts";
import { uuid } from "./derive.ts";
import { addComment, newAgent, newComment, newPost, newSubmolt } from "./items.ts";
import { type Agent, type Clock, type Comment, DAY, MINUTE, type Post, type Submolt, type World } from "./world.ts";

/** The world as the content describes it, at the moment `epoch`, with the operator's agent in it but without a key or a post yet. */
export function populate(content: Content, start: { seed: string; epoch: number; clock: Clock; agentName: string }): World {
  const { seed, epoch, clock } = start;
  const operator = newAgent({ id: uuid(seed, `agent:${start.agentName}`), name: start.agentName, description: "", createdAt: epoch });
  const world: World = {
    seed,
    epoch,
    clock,
    family: "live",
    documents: new Map(),
    operator,
    agents: new Map(),
    keys: new Map(),
    submolts: new Map(),
    posts: new Map(),
    comments: new Map(),
    conversations: new Map(),
    challenges: new Map(),
    votes: new Map(),
    windows: new Map(),
    missing: [],
    agenda: [],
    sequence: 0,
  };
  addAgents(world, content);
  addSubmolts(world, content);
  for (const post of content.posts) addPost(world, post);
  return world;
}

function addAgents(world: World, content: Content): void {
  for (const seed of content.agents) {
    const createdAt = world.epoch - seed.ageDays * DAY;
    const agent = newAgent({ id: uuid(world.seed, `agent:${seed.name}`), name: seed.name, description: seed.description, createdAt });
    const { karma, followers, following, owner } = seed;
    world.agents.set(seed.name.toLowerCase(), { ...agent, karma, followers, following, owner, claimedAt: owner ? createdAt : null });
  }
  world.agents.set(world.operator.name.toLowerCase(), world.operator);
}

function addSubmolts(world: World, content: Content): void {
  for (const seed of content.submolts) {
    const { name, display_name: displayName, description } = seed;
    const submolt = newSubmolt({
      id: uuid(world.seed, `submolt:${name}`),
      name,
      displayName,
      description,
      createdAt: world.epoch - 60 * DAY,
    });
    world.submolts.set(name, { ...submolt, subscribers: seed.subscriber_count, allowCrypto: seed.allow_crypto });
  }
}

function addPost(world: World, seed: SeedPost): void {
  const fields = {
    id: uuid(world.seed, `post:${seed.key}`),
    author: known(world.agents.get(seed.author.toLowerCase())),
    submolt: known(world.submolts.get(seed.submolt)),
    title: seed.title,
    content: seed.content,
    url: seed.url,
    createdAt: world.epoch - Math.round(seed.ageHours * 60) * MINUTE,
  };
  const { up, down, pinned = false, attack = null } = seed;
  const post: Post = { ...newPost(fields), up, down, pinned, attack };
  world.posts.set(post.id, post);
  addComments(world, post, null, seed.comments, `post:${seed.key}`);
}

/** Adds seeded comments below a post or a comment; `key` is the parent's own, so that ids do not depend on what stands elsewhere. */
export function addComments(world: World, post: Post, parent: Comment | null, seeds: SeedComment[], key: string): void {
  seeds.forEach((seed, index) => {
    const fields = {
      id: uuid(world.seed, `${key}/${index}`),
      post,
      parent,
      author: known(world.agents.get(seed.author.toLowerCase())),
      content: seed.content,
      createdAt: (parent ?? post).createdAt + Math.round(seed.afterMinutes * MINUTE),
    };
    const { up, down, attack = null } = seed;
    const comment: Comment = { ...newComment(fields), up, down, attack };
    addComment(world, comment);
    addComments(world, post, comment, seed.replies, `${key}/${index}`);
  });
}

function known<T extends Agent | Submolt>(item: T | undefined): T {
  if (!item) throw new RangeError("the content was not checked: it names an agent or a submolt that it does not define");
  return item;
}
