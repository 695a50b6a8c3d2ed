import { config } from "../../config.ts";

/** A setting in force, by the variable that it comes from. Of a secret only whether it is set. */
export type Setting = { name: string; value: string; is_secret: boolean };

/** The settings that this process was started with, in the order of `.env.example`. */
export function settingsInForce(): Setting[] {
  const { agentEnv, authorBlock, filterModel } = config;
  return [
    secret("MOLTBOOK_API_KEY", config.moltbookKey),
    plain("MOLTBOOK_AGENT_NAME", config.agentName),
    plain("MOLTBOOK_API_BASE", config.ownSandbox ? "a sandbox of our own" : config.moltbookBase),
    plain("HEARTBEAT_SCHEDULE", config.heartbeatSchedule),
    plain("HEARTBEAT_TIMEZONE", config.heartbeatTimezone),
    plain("AGENT_COMMAND", config.agentCommand),
    secret("ANTHROPIC_API_KEY", agentEnv.ANTHROPIC_API_KEY),
    secret("CLAUDE_CODE_OAUTH_TOKEN", agentEnv.CLAUDE_CODE_OAUTH_TOKEN),
    // An address may hold a user and a password.
    secret("ANTHROPIC_BASE_URL", agentEnv.ANTHROPIC_BASE_URL),
    plain("ANTHROPIC_MODEL", agentEnv.ANTHROPIC_MODEL),
    secret("OPERATOR_PASSWORD", config.operatorPassword),
    secret("MCP_AUTH_TOKEN", config.mcpAuthToken),
    plain("HOST", config.host),
    plain("PORT", config.port),
    plain("DATA_DIR", config.dataDir),
    secret("DATABASE_URL", config.databaseUrl),
    plain("CONTENT_FILTER_ML", filterModel.enabled),
    plain("CONTENT_FILTER_THRESHOLD", filterModel.threshold),
    plain("CONTENT_FILTER_MODEL", filterModel.name),
    plain("AUTHOR_BLOCK_THRESHOLD", authorBlock.threshold),
    plain("AUTHOR_BLOCK_DURATION_HOURS", authorBlock.hours),
    plain("BLOCKLIST_PATH", config.blocklistPath),
    plain("LOG_LEVEL", config.logLevel),
    plain("SECURITY_LOG_PATH", config.securityLogPath),
  ];
}

function plain(name: string, value: string | number | boolean | undefined): Setting {
  return { name, value: value === undefined ? "not set" : String(value), is_secret: false };
}

function secret(name: string, value: string | undefined): Setting {
  return { name, value: value === undefined ? "not set" : "set", is_secret: true };
}
