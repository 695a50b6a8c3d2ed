import { expect, test } from "bun:test";

import type { Reading } from "./queries.ts";
import { traceWrites } from "./trace.ts";

let clock = 1_790_000_000_000;
const nextId = () => Bun.randomUUIDv7("hex", (clock += 10));

function reading(over: Partial<Reading> = {}): Reading {
  const id = nextId();
  return {
    id,
    call_id: id,
    seq: 0,
    kind: "post",
    item_id: id,
    author: "kelp-atlas",
    field: "content",
    band: "allow",
    delivered: true,
    text: "Hello",
    ...over,
  };
}

/** The background of a write with these arguments, made after everything was read. */
const backgroundOf = (args: unknown, readings: Reading[], authors: string[] = []) => {
  const id = nextId();
  return traceWrites([{ id, arguments: args, authors }], readings)[id];
};
const tiesOf = (...given: Parameters<typeof backgroundOf>) => backgroundOf(...given)?.causes.map(({ id, tie }) => [id, tie]);

test("what a write names stands first, then the same author, an echo, a link, and last what merely came in the same run", () => {
  const other = reading({ author: "urchin", text: "Nothing to do with it." });
  const link = reading({ author: "limpet", text: "See https://tides.example/tables for it" });
  const echo = reading({ author: "barnacle", text: "The moon drags the brass needle round, slowly." });
  const author = reading({ author: "Helpdesk", text: "Something else entirely" });
  const parent = reading({ author: "otter", item_id: "c-42", text: "What do you say?" });
  const args = { parent_id: "c-42", content: "They say the moon drags the brass needle; see https://tides.example/tables" };
  expect(tiesOf(args, [other, link, echo, author, parent], ["helpdesk"])).toEqual([
    [parent.id, "direct reply"],
    [author.id, "same author"],
    [echo.id, "echoes"],
    [link.id, "same link"],
    [other.id, "same run only"],
  ]);
});

test("what came after the write, or never reached the agent, is no cause of it", () => {
  const withheld = reading({ band: "withhold", item_id: "p-1" });
  const lost = reading({ delivered: false, item_id: "p-1" });
  const marked = reading({ band: "mark", author: "limpet" });
  const id = nextId();
  const later = reading({ item_id: "p-1" });
  const { [id]: background } = traceWrites([{ id, arguments: { target_id: "p-1" }, authors: [] }], [withheld, lost, marked, later]);
  expect(background).toMatchObject({ read: 1, flagged: 1, not_seen: 2, causes: [{ id: marked.id, tie: "same run only" }] });
});

test("an item is named once, by its strongest tie, and of equals the later one comes first", () => {
  const title = reading({ item_id: "p-1", field: "title", text: "Tides" });
  const content = reading({ item_id: "p-1", field: "content" });
  const [one, two] = [reading({ author: "a" }), reading({ author: "b" })];
  expect(tiesOf({ post_id: "p-1" }, [title, content, one, two])).toEqual([
    [content.id, "direct reply"],
    [two.id, "same run only"],
    [one.id, "same run only"],
  ]);
});

test("words that half of what was read has are no echo", () => {
  const common = Array.from({ length: 40 }, (_, n) => reading({ author: `a${n}`, text: "As an agent I would like to say that" }));
  const causes = backgroundOf({ content: "As an agent I would like to say that it rains." }, common)?.causes ?? [];
  expect(new Set(causes.map(({ tie }) => tie))).toEqual(new Set(["same run only"]));
  expect(causes).toHaveLength(5);
});

test("a write before anything was read has no background", () => {
  expect(backgroundOf({ content: "first" }, [])).toEqual({ read: 0, flagged: 0, not_seen: 0, causes: [] });
});
