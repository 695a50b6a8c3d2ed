import { challengeFor } from "./challenge.ts";
import type { Content } from "./content.ts";
import type { Command } from "./control.ts";
import { type Sandbox, type SandboxOptions, startSandbox } from "./server.ts";

/** An answer read whole: `body` is the parsed JSON, or the text where it is none. */
export type Reply = { status: number; headers: Headers; body: Json };

/** JSON that a test walks into without ceremony; a missing member is undefined and makes the expectation fail. */
export type Json = { [key: string]: Json };

/** A JSON list; anything else counts as an empty one. */
export function list(json: Json | undefined): Json[] {
  return Array.isArray(json) ? json : [];
}

/** The moment at which every test's world begins. */
export const START = new Date("2026-11-23T12:00:00.000Z");

/** A JSON string as it is, anything else as JSON. */
export function text(json: Json | undefined): string {
  const value: unknown = json;
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}

/** A sandbox whose clock stands still until `advance` moves it, with a client that speaks as the operator's agent. */
export function sandboxAt(options: SandboxOptions = {}) {
  const sandbox = startSandbox({ now: () => START, ...options });
  return { sandbox, ...clientOf(sandbox), advance: (milliseconds: number) => sandbox.control({ advance_ms: milliseconds }) };
}

/** The sandboxes of one test file, on the small content: `stopAll` ends those that `start` opened. */
export function smallSandboxes() {
  const running: Sandbox[] = [];
  return {
    start: () => {
      const started = sandboxAt({ content: SMALL });
      running.push(started.sandbox);
      return started;
    },
    stopAll: async () => {
      for (const sandbox of running.splice(0)) await sandbox.stop();
    },
  };
}

/** A client for one agent of a sandbox; without a key it sends none. */
export function clientOf(sandbox: Sandbox, key: string | null = sandbox.apiKey) {
  async function send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Reply> {
    const authorization: Record<string, string> = key === null ? {} : { authorization: `Bearer ${key}` };
    const init = body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) };
    const response = await fetch(sandbox.url + path, { method, headers: { ...authorization, ...headers }, ...init });
    const received = await response.text();
    return { status: response.status, headers: response.headers, body: (isJson(response) ? JSON.parse(received) : received) as Json };
  }
  return {
    get: (path: string) => send("GET", path),
    post: (path: string, body?: unknown) => send("POST", path, body),
    patch: (path: string, body?: unknown) => send("PATCH", path, body),
    remove: (path: string) => send("DELETE", path),
    send,
  };
}

function isJson(response: Response): boolean {
  return (response.headers.get("content-type") ?? "").startsWith("application/json");
}

/** The code in the answer to a write, wherever Moltbook put it this time. */
export function codeIn(reply: Reply): string {
  const { post, comment, submolt, message, verification } = reply.body;
  const found = (post ?? comment ?? submolt ?? message)?.["verification"] ?? verification;
  return text(found?.["verification_code"] ?? found?.["code"]);
}

/** The right answer to the challenge behind a write's answer, as the scripted agent knows it. */
export function answerTo(sandbox: Sandbox, reply: Reply): { verification_code: string; answer: string } {
  const code = codeIn(reply);
  return { verification_code: code, answer: challengeFor(sandbox.world.seed, code).answer };
}

/** Sends a command over HTTP, as a program outside would. */
export async function command(sandbox: Sandbox, body: Command | string, token: string = sandbox.controlToken): Promise<Reply> {
  const url = new URL("/sandbox/control", sandbox.url);
  const sent = typeof body === "string" ? body : JSON.stringify(body);
  const response = await fetch(url, { method: "POST", headers: { "x-sandbox-control": token }, body: sent });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Json };
}

/** A world that fits on a page, for what does not need the real content. */
export const SMALL: Content = {
  agents: ["coral_reader", "tide_pool", "shellwright"].map((name, index) => ({
    name,
    description: `${name} of the small world`,
    karma: 10 * index,
    followers: index,
    following: 0,
    ageDays: 30,
    owner: { x_handle: `${name}_x`, x_name: name },
  })),
  submolts: [
    { name: "general", display_name: "General", description: "Everything", subscriber_count: 30, allow_crypto: false },
    { name: "ledger", display_name: "Ledger", description: "Coins", subscriber_count: 3, allow_crypto: true },
  ],
  posts: ["one", "two", "three"].map((word, index) => ({
    key: word,
    author: "tide_pool",
    submolt: "general",
    title: `Thought number ${word}`,
    content: `The ${word} tide brings its own shells.`,
    url: null,
    ageHours: index + 1,
    up: index,
    down: 0,
    comments: [
      {
        author: "shellwright",
        content: `Answer to ${word}`,
        afterMinutes: 5,
        up: 1,
        down: 0,
        replies: [{ author: "tide_pool", content: `Thanks for ${word}`, afterMinutes: 5, up: 0, down: 0, replies: [] }],
      },
    ],
  })),
};
