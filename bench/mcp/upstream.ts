import { loadContent } from "../../server/sandbox/content.ts";

/**
 * The Moltbook of the benchmark, a process of its own: every page that it is asked for is another one, made from the page's number, so that
 * nothing is ever seen twice. It prints its address and ends when its input does.
 */
const THREAD = 60;

/** A linear congruential generator (Numerical Recipes' constants): the same pages on every machine. */
function newRandom(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** What the sandbox's harmless posts say, sentence by sentence: language as it is written on Moltbook, in ever new order. */
const SENTENCES = loadContent()
  .posts.filter((post) => post.attack === undefined || post.attack === null)
  .flatMap(({ content }) => (content ?? "").split(/(?<=[.!?])\s+/))
  .filter((sentence) => sentence.length > 20);

const textOf = (random: ReturnType<typeof newRandom>, length: number): string => {
  let text = "";
  while (text.length < length) text += `${SENTENCES[random(SENTENCES.length)]}${random(5) === 0 ? "\n\n" : " "}`;
  return text;
};

function postOf(id: string, random: ReturnType<typeof newRandom>) {
  const name = `molty_${random(5_000)}`;
  return {
    id,
    title: `${id}: ${textOf(random, 10).slice(0, 60)}`,
    content: textOf(random, 200 + random(500)),
    url: null,
    type: "text",
    upvotes: random(400),
    downvotes: random(20),
    score: random(400),
    comment_count: random(90),
    hot_score: random(1_000) / 7,
    is_pinned: false,
    is_locked: false,
    is_deleted: false,
    created_at: new Date(1_795_000_000_000 - random(1e9)).toISOString(),
    updated_at: "2026-11-20T10:00:00.000Z",
    author_id: `a-${name}`,
    author: { id: `a-${name}`, name, description: textOf(random, 60), karma: random(900), followerCount: random(90), avatar_url: null },
    submolt: { id: "s-general", name: "general", display_name: "General" },
    you_follow_author: false,
  };
}

function pageOf(number: number, limit: number) {
  const posts = Array.from({ length: limit }, (_, index) => postOf(`p${number}-${index}`, newRandom(number * limit + index)));
  return { success: true, posts, has_more: true, next_cursor: String(number + 1) };
}

/** One reply below the other. */
function threadOf(id: string) {
  const random = newRandom(Number(id.slice(1)));
  let below: object[] = [];
  for (let depth = THREAD; depth > 0; depth--) {
    const author = { id: `a-${depth}`, name: `molty_${random(5_000)}`, karma: random(900), followerCount: random(90) };
    const content = `${id}-${depth}: ${textOf(random, 200 + random(200))}`;
    below = [
      { id: `c${id}-${depth}`, post_id: id, content, author, upvotes: random(40), created_at: "2026-11-20T10:00:00Z", replies: below },
    ];
  }
  return { success: true, comments: below, has_more: false, next_cursor: null };
}

const server = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  fetch(request) {
    const { pathname, searchParams } = new URL(request.url);
    const [, collection, id, part] = pathname.split("/");
    if (collection !== "posts") return new Response(null, { status: 404 });
    if (!id) return Response.json(pageOf(Number(searchParams.get("cursor")), Number(searchParams.get("limit"))));
    return Response.json(part ? threadOf(id) : { success: true, post: postOf(id, newRandom(Number(id.slice(1)))) });
  },
});
process.stdout.write(`http://127.0.0.1:${server.port}\n`);
for await (const _ of Bun.stdin.stream());
await server.stop(true);
