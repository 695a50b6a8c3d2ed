import { randomBytes } from "node:crypto";

import { AppError } from "../errors.ts";
import { settle } from "./agenda.ts";
import { type Answer, refusalIn, refuse } from "./answer.ts";
import { callerOf, sameSecret } from "./auth.ts";
import { type Content, loadContent } from "./content.ts";
import { changesWorld, type Command, control } from "./control.ts";
import { deliver, lostAnswer } from "./delivery.ts";
import { documentAt } from "./documents.ts";
import { failureOf, type Faults, isDropped, noFaults } from "./faults.ts";
import { type Journal, openJournal } from "./journal.ts";
import { settleIn } from "./operator.ts";
import { populate } from "./populate.ts";
import { replay } from "./replay.ts";
import { perform } from "./router.ts";
import { note, noTraffic, type Traffic } from "./traffic.ts";
import { timeOf, type World } from "./world.ts";

const MOST_BYTES = 256 * 1024;

export type SandboxOptions = {
  /** 0 takes any free port. */
  port?: number;
  hostname?: string;
  seed?: string;
  /** The file that keeps accepted writes over a restart; none by default. */
  journal?: string | null;
  now?: () => Date;
  /** The real key of the operator's settings, if any: with one the sandbox refuses to start. */
  realKey?: string | undefined;
  agentName?: string;
  content?: Content;
};

/** A running sandbox: `url` is the API's base, `control` does what POST /sandbox/control does; `world` and `traffic` are for looking only. */
export type Sandbox = {
  url: string;
  apiKey: string;
  agentName: string;
  controlToken: string;
  world: World;
  traffic: Traffic;
  control: (command: Command) => void;
  stop: () => Promise<void>;
};

/**
 * Starts a local Moltbook on the loopback interface. The same seed, clock and requests give the same answers.
 * Throws AppError `invalid` for any other interface, beside a real key, and for a name, content or journal that cannot be used.
 */
export function startSandbox(options: SandboxOptions = {}): Sandbox {
  const { port = 0, hostname = "127.0.0.1", seed = "moltbook", agentName = "sandbox_molty", content = loadContent() } = options;
  refuseDanger(hostname, options.realKey);
  refuseName(agentName, content);
  const clock = { now: options.now ?? (() => new Date()), offset: 0 };
  const head = { seed, agent: agentName, epoch: clock.now().toISOString() };
  const journal = options.journal ? openJournal(options.journal, head) : null;
  const world = populate(content, { seed, agentName, clock, epoch: Date.parse(journal?.head.epoch ?? head.epoch) });
  const apiKey = settleIn(world);
  if (journal) replay(world, journal.entries);
  const state: State = { world, faults: noFaults(), traffic: noTraffic(), journal, controlToken: randomBytes(32).toString("hex") };
  const server = Bun.serve({
    port,
    hostname,
    maxRequestBodySize: 4 * MOST_BYTES,
    fetch: (request) => serve(state, request),
    error: () => json({ status: 500, body: { success: false, error: "Internal server error", hint: "This is a fault of the sandbox" } }),
  });
  return {
    url: `http://${hostname === "::1" ? "[::1]" : hostname}:${server.port}/api/v1`,
    apiKey,
    agentName,
    controlToken: state.controlToken,
    world,
    traffic: state.traffic,
    control: (command) => runCommand(state, command),
    stop: async () => {
      await server.stop(true);
      journal?.close();
    },
  };
}

type State = { world: World; faults: Faults; traffic: Traffic; journal: Journal | null; controlToken: string };

function refuseDanger(hostname: string, realKey: string | undefined): void {
  if (!["127.0.0.1", "localhost", "::1"].includes(hostname))
    throw new AppError("invalid", "The sandbox listens on the loopback interface only; use 127.0.0.1.");
  if (realKey)
    throw new AppError("invalid", "The sandbox does not start beside a real Moltbook key; remove MOLTBOOK_API_KEY, or leave sandbox mode.");
}

function refuseName(agentName: string, content: Content): void {
  if (!/^[A-Za-z0-9_-]{2,32}$/.test(agentName))
    throw new AppError("invalid", "The name of the sandbox's agent takes 2 to 32 letters, digits, _ and -.");
  if (content.agents.some((agent) => agent.name.toLowerCase() === agentName.toLowerCase()))
    throw new AppError("invalid", "Another agent of the sandbox has this name already; choose a different one.");
}

async function serve(state: State, request: Request): Promise<Response> {
  const { pathname, origin, searchParams } = new URL(request.url);
  if (pathname === "/sandbox/control") return serveControl(state, request);
  const document = documentAt(state.world, pathname);
  if (document) return failureOf(state.faults, "GET") ?? document;
  if (!pathname.startsWith("/api/v1/")) return json(refusalIn(refuse(404, "Not found", "The API is below /api/v1")).answer);
  const { method } = request;
  const path = pathname.slice("/api/v1".length);
  const caller = callerOf(state.world, request.headers);
  const agent = caller.agent;
  const seen = { agent: agent?.name ?? null, method, path };
  const failure = failureOf(state.faults, method);
  if (failure) {
    note(state.traffic, { ...seen, at: timeOf(state.world), status: failure.status, landed: false });
    return failure;
  }
  const { body, refused: unreadable } = await readBody(request);
  const refused = caller.refused ?? unreadable;
  const at = timeOf(state.world);
  const { answer, kept } = perform(state.world, { method, path, query: searchParams, body, origin, agent, refused }, at);
  if (kept) state.journal?.append({ at: new Date(at).toISOString(), method, path, body, agent: agent?.name ?? null });
  const landed = kept && method !== "GET" && answer.status < 400;
  note(state.traffic, { ...seen, at, status: answer.status, landed });
  // The answer is late, not the deed: a client that gives up has written all the same.
  if (state.faults.latencyMs > 0) await Bun.sleep(state.faults.latencyMs);
  return isDropped(state.faults, landed) ? lostAnswer() : deliver(state.faults, answer);
}

async function readBody(request: Request): Promise<{ body: unknown; refused?: Error }> {
  const text = await request.text();
  if (Buffer.byteLength(text) > MOST_BYTES)
    return { body: undefined, refused: refuse(413, "Request body too large", `Send ${MOST_BYTES} bytes at most`) };
  try {
    return { body: text.trim() === "" ? undefined : JSON.parse(text) };
  } catch {
    return { body: undefined, refused: refuse(400, "Invalid JSON in the request body", "Send one JSON object, encoded as UTF-8") };
  }
}

function json({ status, body, headers = {} }: Answer): Response {
  return body === undefined ? new Response(null, { status, headers }) : Response.json(body, { status, headers });
}

async function serveControl(state: State, request: Request): Promise<Response> {
  try {
    if (!sameSecret(request.headers.get("x-sandbox-control") ?? "", state.controlToken))
      throw refuse(403, "Forbidden", "Send the control token as X-Sandbox-Control");
    if (request.method !== "POST") throw refuse(405, "Method not allowed", "Use POST");
    const { body, refused } = await readBody(request);
    if (refused) throw refused;
    runCommand(state, body);
    return json({ status: 200, body: { success: true, now: new Date(timeOf(state.world)).toISOString(), family: state.world.family } });
  } catch (error) {
    return json(refusalIn(error).answer);
  }
}

function runCommand(state: State, input: unknown): void {
  const at = timeOf(state.world);
  settle(state.world, at);
  const command = control(state.world, state.faults, input, at);
  if (!changesWorld(command)) return;
  state.journal?.append({ at: new Date(at).toISOString(), method: "CONTROL", path: "/sandbox/control", body: command, agent: null });
}
