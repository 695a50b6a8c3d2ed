import { readFileSync } from "node:fs";

import { AppError } from "../errors.ts";

/** Where to forward to, with which token, and the names of the tools that the client must not see. */
export type Settings = { url: URL; token: string | null; ignored: RegExp[] };

const DEFAULT_URL = "http://127.0.0.1:8080/mcp";

/**
 * Where the bridge forwards to, and with which token: `MOLTBOT_URL`, and `MCP_AUTH_TOKEN` or the file that `MCP_AUTH_TOKEN_FILE` names.
 * Throws AppError `invalid`, naming the variable and the cure. Plain http leaves this machine only with `allowHttp`.
 * `ignored` are names of tools, in which `*` stands for anything.
 */
export function readSettings(env: Record<string, string | undefined>, allowHttp: boolean, ignored: string[]): Settings {
  const url = URL.parse(env.MOLTBOT_URL?.trim() || DEFAULT_URL);
  if (!url || !["http:", "https:"].includes(url.protocol)) throw fault(`MOLTBOT_URL must look like ${DEFAULT_URL}`);
  if (url.username || url.password) throw fault("MOLTBOT_URL must carry no user name or password: the token goes into MCP_AUTH_TOKEN");
  if (url.protocol === "http:" && !isLoopback(url) && !allowHttp) {
    throw fault("MOLTBOT_URL must be https when it leaves this machine, or the token travels in the clear (--allow-http permits it)");
  }
  const token = env.MCP_AUTH_TOKEN?.trim() || readToken(env.MCP_AUTH_TOKEN_FILE);
  if (token && !/^[\x21-\x7e]+$/.test(token)) throw fault("MCP_AUTH_TOKEN must be printable ASCII without blanks: copy it again");
  return {
    url,
    token,
    ignored: ignored.map(
      (pattern) =>
        new RegExp(
          `^${pattern
            .split("*")
            .map((part) => RegExp.escape(part))
            .join(".*")}$`,
        ),
    ),
  };
}

/** Whether an address cannot leave this machine. */
export function isLoopback(url: URL): boolean {
  return url.hostname === "localhost" || url.hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(url.hostname);
}

function readToken(file: string | undefined): string | null {
  if (!file?.trim()) return null;
  try {
    return readFileSync(file, "utf8").trim() || null;
  } catch (error) {
    throw fault(`MCP_AUTH_TOKEN_FILE cannot be read (${(error as NodeJS.ErrnoException).code}): check the path and its permissions`);
  }
}

function fault(message: string): AppError {
  return new AppError("invalid", message);
}
