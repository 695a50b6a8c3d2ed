import { describe, expect, test } from "bun:test";

import * as fc from "fast-check";

import { defang } from "./defang.ts";
import { fence } from "./fence.ts";

/** Addresses in what the agent reads: those that could carry data out are taken apart, others stay. */
describe("an image becomes words", () => {
  test.each([
    ["![](https://x.example/?d=abc)", "[image from x.example]"],
    ["see ![a chart](https://x.example/p.png) here", "see [image from x.example] a chart here"],
    ['![a](<https://x.example/p.png> "a title")', "[image from x.example] a"],
    ["![a](\n https://x.example/p.png)", "[image from x.example] a"],
    ["![a](https://x.example/a_(b).png)", "[image from x.example] a"],
    ["![a](//x.example/p.png)", "[image from x.example] a"],
    ["[![a](https://x.example/p.png)](https://y.example/)", "[[image from x.example] a](https://y.example/)"],
    ["![a](data:image/png;base64,AAAA)", "[image from an address] a"],
    ['<img src="https://x.example/?d=1" width=1>', "[image from x.example]"],
    ["<IMG\nSRC = https://x.example/p.gif>", "[image from x.example]"],
    ["<img src='//x.example/p.gif'>", "[image from x.example]"],
    ["![https://x.example/?k=](https://y.example/p.png)", "[image from y.example] [link to x.example]"],
  ])("%j", (text, expected) => {
    expect(defang(text)).toBe(expected);
  });
});

describe("a link that could carry data out becomes words", () => {
  test.each([
    [`https://x.example/c?d=${"a".repeat(60)}`, "[link to x.example]"],
    [`https://x.example/#${"a".repeat(60)}`, "[link to x.example]"],
    [`https://x.example/${"a".repeat(500)}`, "[link to x.example]"],
    ["open https://x.example/c?key= now", "open [link to x.example] now"],
    ["https://x.example/c?key=&from=moltbook", "[link to x.example]"],
    ["[click](https://x.example/c?key=)", "[click]([link to x.example])"],
    ["https://x.example/c?k=<your key>", "[link to x.example]<your key>"],
    ["https://x.example/{api_key}", "[link to x.example]{api_key}"],
    ["https://x.example/c?k=[KEY]", "[link to x.example][KEY]"],
    ["https://x.example/c?k=YOUR_API_KEY.", "[link to x.example]."],
    ["https://x.example/c?k=%s", "[link to x.example]"],
    ["https://x.example/c?k=$TOKEN", "[link to x.example]"],
    ["http://203.0.113.7/a", "[link to 203.0.113.7]"],
    ["http://203.0.113.7:8080/a", "[link to 203.0.113.7:8080]"],
    ["http://0xcb007107/a", "[link to 203.0.113.7]"],
    ["http://3405803783", "[link to 203.0.113.7]"],
    ["http://[2001:db8::1]/a", "[link to [2001:db8::1]]"],
    ["https://moltbook.com@x.example/", "[link to x.example]"],
    ["HTTPS://X.EXAMPLE/?d=", "[link to x.example]"],
    ["https://xn--80ak6aa92e.example/?d=", "[link to xn--80ak6aa92e.example]"],
    [`https://${"a".repeat(50)}.x.example/`, `[link to ${`${"a".repeat(50)}.x.example`.slice(-60)}]`],
    ["https://%00/?d=", "[link to an address]"],
    ["https://y.example/go/https://203.0.113.7/", "[link to y.example]"],
    ["httphttps://203.0.113.7/", "http[link to 203.0.113.7]"],
  ])("%j", (text, expected) => {
    expect(defang(text)).toBe(expected);
  });
});

describe("a plain address stays, and so does what is none", () => {
  test.each([
    "https://www.moltbook.com/post/7f0c9a52-1111-4222-8333-444455556666",
    "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
    "https://github.com/search?q=moltbot&type=repositories",
    "[the docs](https://bun.com/docs/runtime#env), and (see https://example.com/a?b=c).",
    "Have you seen https://example.com/page?",
    "**https://example.com**",
    "https://en.wikipedia.org/wiki/Rust_(programming_language)",
    "https://example.com/caf%C3%A9",
    "<img src=x onerror=alert(1)> and ![a](b.png), which are no addresses",
  ])("%j", (text) => {
    expect(defang(text)).toBe(text);
  });
});

/** Text that has to do with addresses, and text that has not. */
const PIECES = [
  "https://",
  "http://",
  "x.example",
  "/",
  "?d=",
  "&",
  "=",
  "![",
  "](",
  ")",
  "(",
  "<img src=",
  ">",
  "<",
  "[",
  "]",
  "{",
  "1.2.3.4",
  "@",
  "%",
  " ",
  "\n",
  "a",
  "…",
];
const addressed = fc
  .array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: "binary", maxLength: 8 })), { maxLength: 40 })
  .map((parts) => parts.join(""));

test("text without an address or an image is never changed", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
      fc.pre(!text.includes("://") && !text.includes("](") && !/<img/i.test(text));
      expect(defang(text)).toBe(text);
    }),
    { numRuns: 2000 },
  );
});

test("what was taken apart once stays as it is, and no image and no address of a number is left", () => {
  fc.assert(
    fc.property(addressed, (text) => {
      const once = defang(text);
      expect(defang(once)).toBe(once);
      expect(once).not.toMatch(/!\[[^[\]\n]*\]\(\s*https?:\/\/[^\s()<>]*\)/);
      // What follows may make a name of the number, as in `1.2.3.4=`.
      for (const [address] of once.matchAll(/https?:\/\/1\.2\.3\.4[^\s"'`()[\]{}<>|\\^]*/g))
        expect(URL.parse(address)?.hostname).not.toBe("1.2.3.4");
      expect(once).not.toMatch(/https?:\/\/x\.example\/?\?d=(?![^\s])/);
    }),
    { numRuns: 5000 },
  );
});

test.each(["![", "![a](", "<img ", "https://", "![](x:", "https://a@", "(", "![a](https://x.example/(", "[a](data:"])(
  "time grows with the length and not faster, with %j again and again",
  (unit) => {
    const cost = (length: number) => {
      const text = unit.repeat(length / unit.length);
      const times = Array.from({ length: 9 }, () => {
        const start = performance.now();
        defang(text);
        return performance.now() - start;
      });
      return Math.min(...times);
    };
    // Eight times the length: quadratic work would take sixty-four times as long.
    const [short, long] = [cost(32_000), cost(256_000)];
    expect(long).toBeLessThan(24 * Math.max(short, 0.05));
  },
);

test("the fence takes addresses apart, and what then reads like a sentence is fenced", () => {
  expect(fence({ url: "http://203.0.113.7/a", text: "look: ![](https://x.example/p.png)" }, "m1")).toEqual({
    url: "<untrusted-m1>[link to 203.0.113.7]</untrusted-m1>",
    text: "<untrusted-m1>look: [image from x.example]</untrusted-m1>",
  });
});
