import { rejection } from "./explain.ts";
import type { Link } from "./link.ts";
import { openLink } from "./link.ts";
import { compose, isRecord } from "./message.ts";
import type { Outcome } from "./post.ts";
import { post, send } from "./post.ts";
import type { Settings } from "./settings.ts";

const PATIENCE_MS = 5_000;
const MODERN = "2026-07-28";
const LEGACY = "2025-11-25";
const CLIENT = { name: "moltbot-bridge-check", version: "1" };

type Answer = { result: Record<string, unknown> } | { fault: string };

/** Tries what a client will need, step by step, with a line for each; answers whether all of it works. Waits for nothing. */
export async function check(settings: Settings, print: (line: string) => void): Promise<boolean> {
  const link = openLink(settings, () => {});
  const report = (step: string, fault: string | null, found: string) => {
    print(`${fault === null ? "ok  " : "FAIL"}  ${step.padEnd(8)}  ${fault ?? found}`);
    return fault === null;
  };
  if (!report("server", await healthFault(link), `${settings.url.origin} answers`)) return false;

  const modern = await ask(link, "server/discover", envelope());
  const greeting =
    "result" in modern ? modern : await ask(link, "initialize", { protocolVersion: LEGACY, capabilities: {}, clientInfo: CLIENT });
  if ("fault" in greeting) return report("protocol", greeting.fault, "");
  const { protocolVersion } = greeting.result;
  link.session.version = typeof protocolVersion === "string" ? protocolVersion : null;
  report("protocol", null, `${link.session.version ?? MODERN}${settings.token === null ? "" : ", and the token is accepted"}`);

  const listed = await ask(link, "tools/list", link.session.version === null ? envelope() : {});
  const tools = "result" in listed && Array.isArray(listed.result.tools) ? listed.result.tools.length : 0;
  return report(
    "tools",
    "fault" in listed ? listed.fault : tools === 0 ? "The server offers no tools to this token." : null,
    `${tools} offered`,
  );
}

async function healthFault(link: Link): Promise<string | null> {
  const away = `Nothing answers at ${link.url.origin}: start Moltbot, or check MOLTBOT_URL.`;
  const health = { ...link, url: new URL("health", link.url) };
  return send(health, { signal: AbortSignal.timeout(PATIENCE_MS) }).then(
    (response) => (response.ok ? null : `Health is HTTP ${response.status}: see the server's log, or check MOLTBOT_URL.`),
    () => away,
  );
}

async function ask(link: Link, method: string, params: Record<string, unknown>): Promise<Answer> {
  let answer: Answer | null = null;
  const outcome = await post(link, compose({ id: 1, method, params }), {
    signal: AbortSignal.timeout(PATIENCE_MS),
    receive: ({ body, method: isCall }) => {
      if (isCall === null) answer = isRecord(body.result) ? { result: body.result } : { fault: `${method} is answered with an error.` };
    },
  });
  return answer ?? { fault: faultOf(outcome) };
}

function faultOf(outcome: Outcome): string {
  if (outcome.kind === "rejected") return rejection(outcome.status);
  return "reason" in outcome ? `No answer (${outcome.reason}): try again, or see the server's log.` : "No answer.";
}

function envelope(): Record<string, unknown> {
  const meta = { protocolVersion: MODERN, clientInfo: CLIENT, clientCapabilities: {} };
  return { _meta: Object.fromEntries(Object.entries(meta).map(([key, value]) => [`io.modelcontextprotocol/${key}`, value])) };
}
