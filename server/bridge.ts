import { parseArgs } from "node:util";

import { check } from "./bridge/check.ts";
import { log, logTo } from "./bridge/log.ts";
import { readSettings } from "./bridge/settings.ts";
import { serveStdio } from "./bridge/stdio.ts";
import { AppError } from "./errors.ts";

const HELP = `Usage: bun run bridge [options]

Connects an MCP client that speaks stdio only to a running Moltbot.
Messages travel on stdin and stdout, logs on stderr.

Options:
  --check                try the server, the token and the tools, say what works, and exit with 0 or 1
  --allow-http           send the token over plain http to another machine
  --ignore-tool PATTERN  hide the tools of this name and refuse their calls; * stands for anything; may be repeated
  --log-file FILE        append the log to a file as well
  --help                 show this

Environment:
  MOLTBOT_URL            the MCP endpoint (http://127.0.0.1:8080/mcp)
  MCP_AUTH_TOKEN         the token; never an option, because every user of a machine can read those
  MCP_AUTH_TOKEN_FILE    a file with the token instead
`;

async function main(): Promise<void> {
  const options = readOptions();
  if (options.help) {
    process.stdout.write(HELP);
    return;
  }
  if (options["log-file"] !== undefined) logTo(options["log-file"]);
  const settings = readSettings(Bun.env, options["allow-http"] ?? false, options["ignore-tool"] ?? []);
  if (!options.check) return serveStdio(settings);
  process.exitCode = (await check(settings, (line) => process.stdout.write(`${line}\n`))) ? 0 : 1;
}

function readOptions() {
  try {
    const boolean = { type: "boolean" } as const;
    const string = { type: "string" } as const;
    return parseArgs({
      options: {
        check: boolean,
        "allow-http": boolean,
        "ignore-tool": { ...string, multiple: true },
        "log-file": string,
        help: { ...boolean, short: "h" },
      },
    }).values;
  } catch {
    throw new AppError("invalid", "Unknown option: see bun run bridge --help");
  }
}

main().catch((error: unknown) => {
  log("error", "bridge.not_started", { message: error instanceof AppError ? error.message : "unexpected failure" });
  process.exit(1);
});
