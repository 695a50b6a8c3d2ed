import { afterAll, beforeAll, expect, test } from "bun:test";

import type { TestApp } from "../test/app.ts";
import { startTestApp } from "../test/app.ts";

let app: TestApp;

beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

/** What arrives on the wire; fetch would unpack it. */
const ask = (path: string, encodings: string, init: RequestInit = {}) =>
  app.get(path, { decompress: false, ...init, headers: { "accept-encoding": encodings } } as RequestInit);
const codingOf = (answer: Response) => answer.headers.get("content-encoding");

test("a page is compressed for those who take it, keeps its headers, and says on what it depends", async () => {
  const [packed, plain] = [await ask("/", "br, gzip;q=0.5"), await ask("/", "identity")];
  expect([codingOf(packed), codingOf(plain)]).toEqual(["gzip", null]);
  expect(new TextDecoder().decode(Bun.gunzipSync(await packed.arrayBuffer()))).toStartWith("<!doctype html>");
  expect(await plain.text()).toStartWith("<!doctype html>");
  for (const name of ["content-security-policy", "x-content-type-options", "cache-control", "content-type"])
    expect([name, packed.headers.get(name)]).toEqual([name, plain.headers.get(name)]);
  expect(packed.headers.get("vary")?.toLowerCase()).toContain("hx-request-type, accept-encoding");
});

test("a coding that is refused by its weight is not used", async () => {
  expect(codingOf(await ask("/", "gzip;q=0"))).toBeNull();
  expect(codingOf(await ask("/static/app.js", "br;q=0, gzip"))).toBe("gzip");
});

test("what may hold a secret, streams and faults of programs are sent as they are", async () => {
  const refused = await fetch(`${app.url}/sign-in`, {
    method: "POST",
    body: new URLSearchParams({ password: "wrong" }),
    headers: { "accept-encoding": "gzip" },
  });
  expect([refused.status, codingOf(refused)]).toEqual([401, null]);
  const stop = new AbortController();
  const stream = await ask("/live", "gzip", { signal: stop.signal });
  expect([stream.headers.get("content-type"), codingOf(stream)]).toEqual(["text/event-stream; charset=utf-8", null]);
  stop.abort();
});

test("files come as brotli or gzip, each with an ETag of its own that saves sending it again", async () => {
  const packed = await ask("/static/base.css", "gzip, deflate, br, zstd");
  const other = await ask("/static/base.css", "gzip");
  const plain = await ask("/static/base.css", "identity");
  expect([codingOf(packed), codingOf(other), codingOf(plain)]).toEqual(["br", "gzip", null]);
  expect(packed.headers.get("content-type")).toStartWith("text/css");
  const sizes = await Promise.all([packed, other, plain].map(async (answer) => (await answer.bytes()).length));
  expect(sizes).toEqual(sizes.toSorted((one, two) => one - two));
  const etag = packed.headers.get("etag") ?? "";
  expect(new Set([etag, other.headers.get("etag"), plain.headers.get("etag")]).size).toBe(3);
  const again = await app.get("/static/base.css", { headers: { "accept-encoding": "br", "if-none-match": etag } });
  expect(again.status).toBe(304);
});

test("the overview is under 40 KB, and all that it loads under 120 KB", async () => {
  const page = await (await app.get("/")).text();
  expect(page.length).toBeLessThan(40_000);
  const files = [...page.matchAll(/(?:href|src)="(\/static\/[^"]+)"/g)].map(([, path]) => path ?? "");
  expect(files.length).toBeGreaterThan(5);
  let loaded = (await (await ask("/", "br, gzip")).bytes()).length;
  for (const file of files) loaded += (await (await ask(file, "br, gzip")).bytes()).length;
  expect(loaded).toBeLessThan(120_000);
});
