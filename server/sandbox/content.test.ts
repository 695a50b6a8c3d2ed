import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { loadContent } from "./content.ts";
import { SMALL } from "./testing.ts";

let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "sandbox-content-"));
});

afterAll(() => rmSync(folder, { recursive: true }));

function write(change: (content: typeof SMALL) => void): string {
  const content = structuredClone(SMALL);
  change(content);
  writeFileSync(join(folder, "agents.json"), JSON.stringify(content.agents));
  writeFileSync(join(folder, "submolts.json"), JSON.stringify(content.submolts));
  writeFileSync(join(folder, "posts-1.json"), JSON.stringify(content.posts));
  return folder;
}

test("the shipped content loads, with attacks among ordinary posts", () => {
  const { agents, submolts, posts } = loadContent();
  expect(agents.length).toBeGreaterThan(10);
  expect(submolts.map((submolt) => submolt.name)).toContain("general");
  expect(posts.some((post) => post.attack)).toBe(true);
  expect(posts.filter((post) => !post.attack).length).toBeGreaterThan(20);
});

test("what is written is what is loaded", () => {
  expect(loadContent(write(() => {}))).toEqual(SMALL);
});

test("a wrong shape is refused with its file and place", () => {
  const wrong = write((content) => Object.assign(content.posts[1]?.comments[0] ?? {}, { up: -1 }));
  expect(() => loadContent(wrong)).toThrow(/posts-1\.json: \[1\]\.comments\[0\]\.up: /);
});

test("an author or a submolt that nobody defined is refused with its place", () => {
  const author = write((content) => Object.assign(content.posts[2]?.comments[0]?.replies[0] ?? {}, { author: "nobody" }));
  expect(() => loadContent(author)).toThrow("posts-1.json: [2].comments[0].replies[0].author is not in agents.json");
  const submolt = write((content) => Object.assign(content.posts[0] ?? {}, { submolt: "nowhere" }));
  expect(() => loadContent(submolt)).toThrow("posts-1.json: [0].submolt is not in submolts.json");
});

test("a repeated key is refused", () => {
  const twice = write((content) => Object.assign(content.posts[2] ?? {}, { key: "one" }));
  expect(() => loadContent(twice)).toThrow("[2] repeats the name or key of [0]");
});

test("a file that is no JSON is refused by name", () => {
  const broken = write(() => {});
  writeFileSync(join(broken, "submolts.json"), "[{");
  expect(() => loadContent(broken)).toThrow(/submolts\.json cannot be read as JSON/);
});
