import { readFileSync } from "node:fs";
import { resolve } from "node:path";

import * as z from "zod";

import { AppError } from "./errors.ts";
import { checkBaseUrl } from "./moltbook/base-url.ts";

const MOLTBOOK_API = "https://www.moltbook.com/api/v1";
const SANDBOX_KEY = "moltbook_sandbox_";

/** Variables that hold a secret: each may also come from a file named by `NAME_FILE`, and none is ever printed. */
const SECRETS = [
  "MOLTBOOK_API_KEY",
  "MCP_AUTH_TOKEN",
  "OPERATOR_PASSWORD",
  "DATABASE_URL",
  "ANTHROPIC_API_KEY",
  "CLAUDE_CODE_OAUTH_TOKEN",
] as const;

/** Variables that compose.yaml reads. */
const COMPOSE = ["POSTGRES_PASSWORD", "APP_MEM_LIMIT", "MCP_MEM_LIMIT", "CLAUDE_CODE", "WITH_ML"];

/** What may stand in a header. */
const HEADER = /^(?! )[\x20-\x7e]+(?<! )$/;
const HEADER_ADVICE = "must be one line of ASCII characters, without spaces around it";

const Env = z.object({
  HOST: z.string().default("127.0.0.1"),
  PORT: z.coerce.number("must be a whole number from 0 to 65535").int().min(0).max(65535).default(8080),
  DATA_DIR: z.string().default("./data"),
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/, error: "must look like postgres://user:password@host:5432/database", abort: true })
    .refine(isDecodable, "must have a % of its user or password written as %25")
    .optional(),
  MOLTBOOK_API_KEY: z.string().regex(HEADER, HEADER_ADVICE).optional(),
  MOLTBOOK_AGENT_NAME: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,64}$/, "may hold letters, digits, _ and - only, at most 64")
    .optional(),
  MOLTBOOK_CREDENTIALS_PATH: z.string().optional(),
  MOLTBOOK_API_BASE: z
    .string()
    .refine(isMoltbook, `must be ${MOLTBOOK_API} or a loopback address: the key goes nowhere else`)
    .default(MOLTBOOK_API),
  MCP_AUTH_TOKEN: z.string().min(16, "must have at least 16 characters").regex(HEADER, HEADER_ADVICE).optional(),
  OPERATOR_PASSWORD: z.string().min(8, "must have at least 8 characters").optional(),
  AGENT_COMMAND: z.string().optional(),
  HEARTBEAT_SCHEDULE: z.string().refine(isCron, "must be a cron expression such as 0 */4 * * *").default("0 */4 * * *"),
  HEARTBEAT_TIMEZONE: z.string().default("UTC").refine(isTimeZone, "must be an IANA time zone such as Europe/Berlin"),
  CONTENT_FILTER_ML: z.stringbool("must be true or false").default(false),
  CONTENT_FILTER_THRESHOLD: z.coerce.number("must be a number from 0 to 1").min(0).max(1).default(0.5),
  CONTENT_FILTER_MODEL: z
    .string()
    .regex(/^(?:[/.].*|[A-Za-z]:[\\/].*|[\w-][\w.-]*\/[\w-][\w.-]*)$/, "must be a model of the hub, owner/name, or the path of a folder")
    .default("protectai/deberta-v3-base-prompt-injection-v2"),
  SECURITY_LOG_PATH: z.string().optional(),
  AUTHOR_BLOCK_THRESHOLD: z.coerce.number("must be a whole number from 1 to 1000").int().min(1).max(1_000).default(3),
  AUTHOR_BLOCK_DURATION_HOURS: z.coerce.number("must be a number from 0 to 87600").min(0).max(87_600).default(0),
  BLOCKLIST_PATH: z.string().optional(),
  LOG_LEVEL: z
    .string()
    .toLowerCase()
    .pipe(z.enum(["debug", "info", "warn", "error"]))
    .default("warn"),
  // Passed on to the agent's process and to nothing else.
  ANTHROPIC_API_KEY: z.string().optional(),
  ANTHROPIC_BASE_URL: z.string().optional(),
  ANTHROPIC_MODEL: z.string().optional(),
  CLAUDE_CODE_OAUTH_TOKEN: z.string().optional(),
});

export type Config = ReturnType<typeof parseConfig>;

/**
 * The configuration of an environment: every variable checked, every fault in one AppError, a line each that names the variable and the cure.
 * `mode` is `sandbox` as long as no real Moltbook key is there; `ownSandbox` says that the app has to bring the sandbox itself.
 */
export function parseConfig(source: Record<string, string | undefined>) {
  const faults: string[] = [];
  const env = withCredentials(withSecretFiles(withoutBlanks(source), faults), faults);
  const parsed = Env.safeParse(env);
  for (const issue of parsed.error?.issues ?? []) faults.push(`${issue.path.join(".")} ${issue.message}`);
  faults.push(...conflicts(env));
  if (!parsed.success || faults.length > 0) throw new AppError("invalid", faults.map((fault) => `Configuration: ${fault}`).join("\n"));
  const { MOLTBOOK_API_KEY: key, ...rest } = parsed.data;
  const sandbox = !key || key.startsWith(SANDBOX_KEY);
  return Object.freeze({
    host: rest.HOST,
    port: rest.PORT,
    dataDir: resolve(rest.DATA_DIR),
    databaseUrl: rest.DATABASE_URL,
    mode: sandbox ? ("sandbox" as const) : ("real" as const),
    moltbookKey: key,
    moltbookBase: trimBase(rest.MOLTBOOK_API_BASE),
    ownSandbox: !key,
    agentName: rest.MOLTBOOK_AGENT_NAME ?? (sandbox ? "sandbox_molty" : "moltbot"),
    mcpAuthToken: rest.MCP_AUTH_TOKEN,
    operatorPassword: rest.OPERATOR_PASSWORD,
    agentCommand: rest.AGENT_COMMAND ?? (sandbox ? "sandbox" : "claude"),
    heartbeatSchedule: rest.HEARTBEAT_SCHEDULE,
    heartbeatTimezone: rest.HEARTBEAT_TIMEZONE,
    filterModel: { enabled: rest.CONTENT_FILTER_ML, threshold: rest.CONTENT_FILTER_THRESHOLD, name: rest.CONTENT_FILTER_MODEL },
    securityLogPath: rest.SECURITY_LOG_PATH,
    authorBlock: { threshold: rest.AUTHOR_BLOCK_THRESHOLD, hours: rest.AUTHOR_BLOCK_DURATION_HOURS },
    blocklistPath: rest.BLOCKLIST_PATH,
    logLevel: rest.LOG_LEVEL,
    path: source.PATH ?? "/usr/local/bin:/usr/bin:/bin",
    agentEnv: pick(rest, ["ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL", "ANTHROPIC_MODEL", "CLAUDE_CODE_OAUTH_TOKEN"]),
  });
}

/** What is wrong between variables that are right on their own. */
function conflicts({
  MOLTBOOK_API_KEY: key,
  MOLTBOOK_API_BASE: base = MOLTBOOK_API,
  AGENT_COMMAND: command,
}: Record<string, string>): string[] {
  const isSandboxKey = key?.startsWith(SANDBOX_KEY);
  const isReal = trimBase(base) === MOLTBOOK_API;
  const faults = [];
  if (isSandboxKey && isReal)
    faults.push("MOLTBOOK_API_BASE must be the sandbox's loopback address when MOLTBOOK_API_KEY is a sandbox key");
  if (!key && !isReal && isMoltbook(base))
    faults.push("MOLTBOOK_API_BASE has no effect without MOLTBOOK_API_KEY: without a key Moltbot brings a sandbox of its own");
  if (command === "sandbox" && key && !isSandboxKey) {
    faults.push("AGENT_COMMAND must not be sandbox when a Moltbook key is set: the scripted agent never acts on the real Moltbook");
  }
  return faults;
}

/** An empty variable, as a .env template leaves it, means that it is not set. */
function withoutBlanks(source: Record<string, string | undefined>) {
  return Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined && value.trim() !== "")) as Record<
    string,
    string
  >;
}

function withSecretFiles(env: Record<string, string>, faults: string[]) {
  for (const name of SECRETS) {
    const file = env[`${name}_FILE`];
    if (!file || env[name]) continue;
    try {
      const secret = readFileSync(file, "utf8").trim();
      if (secret) env[name] = secret;
      else faults.push(`${name}_FILE names an empty file: write the secret into it, or unset the variable`);
    } catch (error) {
      faults.push(`${name}_FILE cannot be read (${(error as NodeJS.ErrnoException).code}): check the path and its permissions`);
    }
  }
  return env;
}

const Credentials = z.object({ api_key: z.string().min(1), agent_name: z.string().optional() });

/** The credentials file that Moltbook's own documents suggest: `{"api_key", "agent_name"}`. Variables win over it. */
function withCredentials(env: Record<string, string>, faults: string[]) {
  if (!env.MOLTBOOK_CREDENTIALS_PATH || env.MOLTBOOK_API_KEY) return env;
  try {
    const file = Credentials.parse(JSON.parse(readFileSync(env.MOLTBOOK_CREDENTIALS_PATH, "utf8")));
    env.MOLTBOOK_API_KEY = file.api_key;
    if (file.agent_name) env.MOLTBOOK_AGENT_NAME ??= file.agent_name;
  } catch {
    faults.push('MOLTBOOK_CREDENTIALS_PATH must name a readable JSON file {"api_key", "agent_name"}');
  }
  return env;
}

function trimBase(base: string): string {
  return base.replace(/\/$/, "");
}

function isDecodable(url: string): boolean {
  try {
    decodeURIComponent(url);
    return true;
  } catch {
    return false;
  }
}

function isMoltbook(base: string): boolean {
  try {
    checkBaseUrl(base);
    return true;
  } catch {
    return false;
  }
}

/** As the schedule will read it: it knows IANA names only, Intl more. */
function isTimeZone(tz: string): boolean {
  try {
    return Bun.cron.parse("* * * * *", Date.now(), { tz }) !== null;
  } catch {
    return false;
  }
}

function isCron(expression: string): boolean {
  try {
    return Bun.cron.parse(expression) !== null;
  } catch {
    return false;
  }
}

function pick(env: Record<string, unknown>, names: string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (typeof env[name] === "string" ? [[name, env[name]]] : [])));
}

function loadConfig(): Config {
  try {
    return parseConfig(process.env);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    return process.exit(1);
  }
}

/** This process's configuration. A wrong variable ends the process here, with one line for each fault. */
export const config = loadConfig();

/** The names of this process's environment, and those that mean something to Moltbot: a name that is close to one of these is likely a slip. */
export const environment = {
  names: Object.keys(process.env),
  known: [...Object.keys(Env.shape), ...SECRETS.map((name) => `${name}_FILE`), "MOLTBOT_URL", ...COMPOSE],
};
