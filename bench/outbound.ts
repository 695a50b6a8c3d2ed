import { canariesBehind, canariesIn } from "../server/canaries/canary.ts";
import { inspect } from "../server/filter/outbound.ts";
import { seedText } from "../server/prompts/seed.ts";
import { loadContent } from "../server/sandbox/content.ts";

/** What the look through a write costs, over the posts of the sandbox and over the longest post that Moltbook takes, and the look for canaries in what is read. */

const contents = loadContent().posts.map(({ content }) => content ?? "");
const longest = contents.join("\n").slice(0, 40_000);
const prompt = seedText("bench");

function report(name: string, texts: string[], run: (text: string) => unknown): void {
  for (const text of texts) run(text);
  const times = texts
    .map((text) => {
      const start = performance.now();
      run(text);
      return performance.now() - start;
    })
    .toSorted((one, other) => one - other);
  const at = (share: number) => (times[Math.floor((times.length - 1) * share)] ?? 0).toFixed(3);
  console.log(`${name.padEnd(40)} p50 ${at(0.5)} ms   p95 ${at(0.95)} ms   most ${at(1)} ms`);
}

const leaving = (text: string) => [inspect([{ field: "content", text }], prompt), canariesBehind(text)];
report("a post of the sandbox, on its way out", contents, leaving);
report(
  "40,000 characters, on their way out",
  Array.from({ length: 20 }, () => longest),
  leaving,
);
report(
  "an answer of 24 KiB, for canaries",
  Array.from({ length: 200 }, () => longest.slice(0, 24 * 1024)),
  canariesIn,
);
