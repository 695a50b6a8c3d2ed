import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Preloaded first: tests see none of the operator's own settings, and write to a folder of their own. */
const OURS = ["TEST_DATABASE_URL", "DATA_DIR"];
for (const name of Object.keys(process.env)) {
  if (
    /^(MOLTBOOK|MCP|OPERATOR|AGENT|AUTHOR_BLOCK|BLOCKLIST|HEARTBEAT|CONTENT_FILTER|SECURITY|DATABASE|ANTHROPIC|CLAUDE|HOST$|PORT$|LOG_LEVEL)/.test(
      name,
    ) &&
    !OURS.includes(name)
  ) {
    delete process.env[name];
  }
}
process.env.DATA_DIR ??= mkdtempSync(join(tmpdir(), "moltbot-test-data-"));
process.env.LOG_LEVEL = "error";
