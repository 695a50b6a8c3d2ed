import { expect, test } from "bun:test";

import { redact, redactJson, redactText, storable, storableJson } from "./redact.ts";

const run = "Aa0".repeat(15);

const jsonOf = (value: unknown) => JSON.parse(redactJson(value, JSON.stringify(value))) as unknown;

test("secrets of every known shape are masked, wherever in a text they stand", () => {
  const secrets = [
    `moltbook_${run}`,
    `moltbook_sk_${run.slice(0, 20)}`,
    "moltbook_sk_short-9_x",
    `moltbook_sk_${run.slice(0, 20)}-with_tail-9`,
    `moltbook_verify_${"0f".repeat(16)}`,
    `mbt_${run}`,
    `mbr_${run}`,
    `mbc_${run}`,
    `sk-ant-api03-${run}`,
    `ghp_${run}`,
    `github_pat_${run}`,
    "AKIAABCDEFGHIJKLMNOP",
    `xoxb-${run}`,
    `eyJ${run}.eyJ${run}.${run}`,
  ];
  for (const secret of secrets) {
    expect(redactText(secret)).toBe("[secret]");
    expect(jsonOf({ [secret]: [`\n"${secret}"`] })).toEqual({ "[secret]": ['\n"[secret]"'] });
    expect(redactText(`it is "${secret}", ok?`)).toBe('it is "[secret]", ok?');
    // What came before may have lost its end: an escape sequence, say, of which a letter is left.
    if (!secret.startsWith("eyJ")) expect(redactText(`m${secret}`)).toBe("m[secret]");
  }
  const others: [string, string][] = [
    [`Authorization: BEARER ${run}`, "Authorization: BEARER [secret]"],
    ["amqp://molt:hunter22@db:5672/x", "amqp://molt:[secret]@db:5672/x"],
    [`amqp://${'"'.repeat(100)}:${"\u0001".repeat(200)}@db`, `amqp://${'"'.repeat(100)}:[secret]@db`],
    [`-----BEGIN RSA PRIVATE KEY-----\n${run}\n-----END`, "[secret]-----END"],
  ];
  for (const [text, masked] of others) {
    expect(redactText(text)).toBe(masked);
    expect(jsonOf([text])).toEqual([masked]);
  }
});

test("plain words that look a little like a secret stay", () => {
  const texts = [
    "task-oriented-programming-is-dull and risk-averse-and-proud-of-it",
    "moltbook_update_identity, moltbook_browse_feed",
    "see https://example.com:8080/a@b and mail me at me@example.com",
    "a bearer of bad news",
    "sk- and mbt_ and ghp_",
  ];
  for (const text of texts) expect(redactText(text)).toBe(text);
});

test("a value is copied with its keys and members masked, and is not changed itself", () => {
  const value = { [`moltbook_${run}`]: [1, null, true, { note: `mbt_${run}` }], rest: "plain" };
  const before = structuredClone(value);
  expect(redact(value)).toEqual({ "[secret]": [1, null, true, { note: "[secret]" }], rest: "plain" });
  expect(value).toEqual(before);
});

test("a text can be stored by Postgres afterwards", () => {
  expect(storable("a\u0000b \ud83d c \udc00 🦞")).toBe("a\ufffdb \ufffd c \ufffd 🦞");
  const odd = { "k\u0000": ["\ud800", "\\u0000 and \\ud800 as words, 🦞"] };
  const safe = { "k\ufffd": ["\ufffd", "\\u0000 and \\ud800 as words, 🦞"] };
  expect([redact(odd), jsonOf(odd), JSON.parse(storableJson(odd))]).toEqual([safe, safe, safe]);
});

test.each([
  "eyJ",
  "moltbook_",
  "sk-",
  "://a:",
  "bearer ",
  "-----BEGIN PRIVATE KEY-----",
  "xoxb-",
  "a:b@",
  `moltbook_${"a".repeat(12)}`,
  "eyJaaaaaaaaaaa.",
])("time grows with the length and not faster, with %j again and again", (part) => {
  const cost = (length: number) => {
    const text = part.repeat(length / part.length);
    const times = Array.from({ length: 5 }, () => {
      const start = performance.now();
      redactText(text);
      return performance.now() - start;
    });
    return Math.min(...times);
  };
  // Eight times the length: quadratic work would take sixty-four times as long.
  const [short, long] = [cost(50_000), cost(400_000)];
  expect(long).toBeLessThan(24 * Math.max(short, 0.05));
});

test("the process's own secrets are masked whatever they look like", async () => {
  const secrets = {
    MOLTBOOK_API_KEY: 'an "odd" key that nobody would guess',
    MCP_AUTH_TOKEN: "static token, 16+",
    OPERATOR_PASSWORD: "open sesame",
  };
  const env = {
    ...secrets,
    MOLTBOOK_API_BASE: "http://127.0.0.1:1/api/v1",
    DATABASE_URL: Object.assign(new URL("postgres://127.0.0.1:1/x"), { username: "molt", password: "p@ssw0rd!" }).href,
    ANTHROPIC_API_KEY: "an odd key",
    AGENT_COMMAND: "claude",
    PATH: process.env.PATH ?? "",
  };
  const script = `
    import { redact, redactJson } from "./redact.ts";
    const value = { all: ${JSON.stringify([...Object.values(secrets), "p@ssw0rd!", "an odd key"])}, plain: "an odd thing" };
    console.log(JSON.stringify([redact(value), ...value.all.map((each) => JSON.parse(redactJson([each], JSON.stringify([each]))))]));`;
  const child = Bun.spawn([process.execPath, "--eval", script], { cwd: import.meta.dir, env, stdout: "pipe", stderr: "inherit" });
  expect(JSON.parse(await new Response(child.stdout).text())).toEqual([
    { all: Array.from({ length: 5 }, () => "[secret]"), plain: "an odd thing" },
    ...Array.from({ length: 5 }, () => ["[secret]"]),
  ]);
});
