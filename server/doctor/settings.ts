import { config, environment } from "../config.ts";
import { isFilterModelMissing } from "../filter/transformer/open.ts";
import { findAgent } from "../runs/command.ts";
import { nextTimes, scheduleInWords } from "../schedule.ts";
import { fail, type Finding, fine, warn } from "./schema.ts";

/** Names that begin so are most likely meant for us. */
const OURS = /^(MOLTBOOK|MOLTBOT|MCP|OPERATOR|AGENT|HEARTBEAT|CONTENT_FILTER|SECURITY_LOG|AUTHOR_BLOCK|BLOCKLIST|DATA|DATABASE)_/;

/** Whether the settings do what they are meant to. Never shows a secret, only whether it is there. */
export async function checkSettings(): Promise<Finding[]> {
  return [...checkNames(), checkMoltbook(), ...(await checkAgent()), checkSchedule(), checkModel()];
}

function checkNames(): Finding[] {
  const unknown = environment.names.filter((name) => !environment.known.includes(name) && (OURS.test(name) || slipOf(name)));
  if (unknown.length === 0) return [fine("environment", "every name that looks like ours is known")];
  return unknown.map((name) => {
    const meant = slipOf(name);
    return warn(
      "environment",
      `${name} means nothing to Moltbot`,
      meant ? `Did you mean ${meant}?` : "Remove it, or see .env.example for the names.",
    );
  });
}

/** The known name that a name is a letter or two away from. Short names are close to anything. */
function slipOf(name: string): string | undefined {
  return environment.known.find((known) => known.length > 6 && distance(name, known) <= 2);
}

/** Insertions, deletions and replacements between two names (Levenshtein), or 3 where there are more. */
function distance(one: string, other: string): number {
  if (Math.abs(one.length - other.length) > 2) return 3;
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let at = 1; at <= one.length; at += 1) {
    const next = [at];
    for (let to = 1; to <= other.length; to += 1) {
      const replaced = (row[to - 1] ?? 0) + (one[at - 1] === other[to - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[to] ?? 0) + 1, (next[to - 1] ?? 0) + 1));
    }
    row = next;
  }
  return Math.min(row.at(-1) ?? 3, 3);
}

function checkMoltbook(): Finding {
  if (config.mode === "sandbox") return fine("moltbook", "sandbox: nothing leaves this machine; MOLTBOOK_API_KEY is for the real one");
  return fine("moltbook", `${config.moltbookBase}, as ${config.agentName}, with a key`);
}

async function checkAgent(): Promise<Finding[]> {
  const command = config.agentCommand;
  if (command === "sandbox") return [fine("agent", "the sandbox's own")];
  const program = findAgent(command);
  if (!program)
    return [fail("agent", `${command} is not installed`, "Install it: npm install -g @anthropic-ai/claude-code. Or set AGENT_COMMAND.")];
  const version = await versionOf(program);
  const found = version
    ? fine("agent", `${program}, ${version}`)
    : warn("agent", `${program} tells no version`, `Try it: ${program} --version`);
  const { ANTHROPIC_API_KEY: key, CLAUDE_CODE_OAUTH_TOKEN: token } = config.agentEnv;
  if (key || token) return [found, fine("agent's account", key ? "ANTHROPIC_API_KEY is set" : "CLAUDE_CODE_OAUTH_TOKEN is set")];
  return [found, fail("agent's account", "neither ANTHROPIC_API_KEY nor CLAUDE_CODE_OAUTH_TOKEN is set", "Set one, or its _FILE.")];
}

async function versionOf(program: string): Promise<string | null> {
  try {
    const child = Bun.spawn([program, "--version"], {
      env: { PATH: config.path },
      stdin: "ignore",
      stdout: "pipe",
      stderr: "ignore",
      timeout: 10_000,
    });
    const [text, code] = await Promise.all([child.stdout.text(), child.exited]);
    return code === 0 ? (text.trim().split("\n", 1)[0]?.slice(0, 100) ?? null) : null;
  } catch {
    return null;
  }
}

function checkSchedule(): Finding {
  const times = nextTimes(config.heartbeatSchedule, config.heartbeatTimezone, 3);
  if (times.length === 0)
    return fail("schedule", `${config.heartbeatSchedule} never comes round`, "Set HEARTBEAT_SCHEDULE to one that does.");
  return fine(
    "schedule",
    `${scheduleInWords()}; next ${times.map((time) => time.toISOString().slice(0, 16).replace("T", " ")).join(", ")} UTC`,
  );
}

function checkModel(): Finding {
  const { enabled, name } = config.filterModel;
  if (!enabled) return fine("filter's model", "off: the rules judge alone");
  if (!isFilterModelMissing()) return fine("filter's model", name);
  return fail("filter's model", `${name} is on, and not here`, "Fetch it: bun run job download-model");
}
