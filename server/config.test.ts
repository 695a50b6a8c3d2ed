import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { parseConfig } from "./config.ts";

const folder = mkdtempSync(join(tmpdir(), "moltbot-config-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(text: string): string {
  const path = join(folder, crypto.randomUUID());
  writeFileSync(path, text);
  return path;
}

const KEY = "moltbook_live_abcdefghijklmnop";

/** The faults of an environment, as they are printed. */
function faultsOf(env: Record<string, string>): string[] {
  try {
    parseConfig(env);
    return [];
  } catch (error) {
    return (error as Error).message.split("\n");
  }
}

test("with nothing set it is a sandbox on the loopback interface", () => {
  expect(parseConfig({})).toMatchObject({
    host: "127.0.0.1",
    port: 8080,
    dataDir: resolve("data"),
    databaseUrl: undefined,
    mode: "sandbox",
    ownSandbox: true,
    agentName: "sandbox_molty",
    agentCommand: "sandbox",
    heartbeatSchedule: "0 */4 * * *",
    heartbeatTimezone: "UTC",
    filterModel: { enabled: false },
    logLevel: "warn",
    agentEnv: {},
  });
});

test("three flagged items block an author for ever, unless variables say otherwise", () => {
  expect(parseConfig({}).authorBlock).toEqual({ threshold: 3, hours: 0 });
  expect(parseConfig({ AUTHOR_BLOCK_THRESHOLD: "5", AUTHOR_BLOCK_DURATION_HOURS: "0.5" }).authorBlock).toEqual({
    threshold: 5,
    hours: 0.5,
  });
  expect(faultsOf({ AUTHOR_BLOCK_THRESHOLD: "0", AUTHOR_BLOCK_DURATION_HOURS: "soon" })).toEqual([
    expect.stringContaining("AUTHOR_BLOCK_THRESHOLD"),
    "Configuration: AUTHOR_BLOCK_DURATION_HOURS must be a number from 0 to 87600",
  ]);
});

test("a key makes it real, with Claude Code as the agent", () => {
  expect(parseConfig({ MOLTBOOK_API_KEY: KEY })).toMatchObject({
    mode: "real",
    ownSandbox: false,
    moltbookBase: "https://www.moltbook.com/api/v1",
    agentName: "moltbot",
    agentCommand: "claude",
  });
});

test("a variable that is blank, as a template leaves it, is not set", () => {
  expect(parseConfig({ MOLTBOOK_API_KEY: "", OPERATOR_PASSWORD: "  ", PORT: "", LOG_LEVEL: "" })).toEqual(parseConfig({}));
});

test("levels and switches are read as people write them", () => {
  expect(
    parseConfig({ LOG_LEVEL: "INFO", CONTENT_FILTER_ML: "True", HEARTBEAT_SCHEDULE: "@hourly", HEARTBEAT_TIMEZONE: "Europe/Berlin" }),
  ).toMatchObject({
    logLevel: "info",
    filterModel: { enabled: true },
    heartbeatSchedule: "@hourly",
  });
});

test("only the agent's own variables reach the agent", () => {
  const env = { ANTHROPIC_API_KEY: "a-key", ANTHROPIC_MODEL: "a-model", AWS_SECRET_ACCESS_KEY: "no", MOLTBOOK_API_KEY: KEY };
  expect(parseConfig(env).agentEnv).toEqual({ ANTHROPIC_API_KEY: "a-key", ANTHROPIC_MODEL: "a-model" });
});

describe("a secret", () => {
  test("may stand in a file, without the line feed that editors add", () => {
    const config = parseConfig({ OPERATOR_PASSWORD_FILE: file("long enough\n"), CLAUDE_CODE_OAUTH_TOKEN_FILE: file("a-token\n") });
    expect(config).toMatchObject({ operatorPassword: "long enough", agentEnv: { CLAUDE_CODE_OAUTH_TOKEN: "a-token" } });
  });

  test("that stands in both comes from the variable", () => {
    expect(
      parseConfig({ MCP_AUTH_TOKEN: "sixteen characters", MCP_AUTH_TOKEN_FILE: file("another sixteen characters") }).mcpAuthToken,
    ).toBe("sixteen characters");
  });

  test("whose file is missing, a folder or empty is a fault, and not a silent sandbox", () => {
    expect(faultsOf({ MOLTBOOK_API_KEY_FILE: join(folder, "none") })[0]).toContain("MOLTBOOK_API_KEY_FILE cannot be read (ENOENT)");
    expect(faultsOf({ MOLTBOOK_API_KEY_FILE: folder })[0]).toContain("(EISDIR)");
    expect(faultsOf({ MOLTBOOK_API_KEY_FILE: file("\n") })).toEqual([
      "Configuration: MOLTBOOK_API_KEY_FILE names an empty file: write the secret into it, or unset the variable",
    ]);
  });

  test("is never part of a fault", () => {
    const secrets = {
      MCP_AUTH_TOKEN: "tooshort-1",
      OPERATOR_PASSWORD: "short-2",
      DATABASE_URL: ["mysql://root", "hunter-3@db/x"].join(":"),
    };
    const faults = faultsOf({ ...secrets, MOLTBOOK_API_KEY: KEY, MOLTBOOK_API_BASE: `https://evil.example/${KEY}` });
    expect(faults).toHaveLength(4);
    for (const secret of ["tooshort-1", "short-2", "hunter-3", KEY]) expect(faults.join("\n")).not.toContain(secret);
  });
});

describe("the credentials file", () => {
  test("brings the key and the name; variables win", () => {
    const path = file(JSON.stringify({ api_key: KEY, agent_name: "careful_crab" }));
    expect(parseConfig({ MOLTBOOK_CREDENTIALS_PATH: path })).toMatchObject({ mode: "real", moltbookKey: KEY, agentName: "careful_crab" });
    expect(parseConfig({ MOLTBOOK_CREDENTIALS_PATH: path, MOLTBOOK_AGENT_NAME: "other_crab" }).agentName).toBe("other_crab");
  });

  test.each(["", "{", "null", "[]", "{}", '{"api_key":5}', '{"api_key":""}'])(
    "that reads %p is a fault, and not a silent sandbox",
    (text) => {
      expect(faultsOf({ MOLTBOOK_CREDENTIALS_PATH: file(text) })).toEqual([
        'Configuration: MOLTBOOK_CREDENTIALS_PATH must name a readable JSON file {"api_key", "agent_name"}',
      ]);
    },
  );
});

describe("Moltbook's address", () => {
  test.each([
    "https://moltbook.com/api/v1",
    "http://www.moltbook.com/api/v1",
    "https://www.moltbook.com.evil.example/api/v1",
    "https://www.moltbook.com@evil.example/api/v1",
    "https://127.0.0.1.evil.example/",
    "http://192.168.0.1/api/v1",
    "ftp://127.0.0.1/",
    "nonsense",
  ])("cannot be %s", (base) => {
    expect(faultsOf({ MOLTBOOK_API_KEY: KEY, MOLTBOOK_API_BASE: base })).toHaveLength(1);
  });

  test("can be the real one or a loopback one, with or without a slash at the end", () => {
    for (const base of [
      "https://www.moltbook.com/api/v1",
      "https://www.moltbook.com/api/v1/",
      "http://127.0.0.1:4000/api/v1",
      "http://[::1]:4000/api/v1",
    ])
      expect(parseConfig({ MOLTBOOK_API_KEY: KEY, MOLTBOOK_API_BASE: base }).moltbookBase).toBe(base.replace(/\/$/, ""));
  });

  test("and the sandbox's key go together: the one without the other is a fault", () => {
    const sandboxKey = "moltbook_sandbox_abcdefghijklmnop";
    expect(faultsOf({ MOLTBOOK_API_KEY: sandboxKey })).toHaveLength(1);
    expect(faultsOf({ MOLTBOOK_API_KEY: sandboxKey, MOLTBOOK_API_BASE: "https://www.moltbook.com/api/v1/" })).toHaveLength(1);
    expect(faultsOf({ MOLTBOOK_API_BASE: "http://127.0.0.1:4000/api/v1" })).toHaveLength(1);
    expect(faultsOf({ MOLTBOOK_API_BASE: "https://www.moltbook.com/api/v1" })).toEqual([]);
    expect(parseConfig({ MOLTBOOK_API_KEY: sandboxKey, MOLTBOOK_API_BASE: "http://127.0.0.1:4000/api/v1" })).toMatchObject({
      mode: "sandbox",
      ownSandbox: false,
    });
  });

  test("real is out of the scripted agent's reach", () => {
    expect(faultsOf({ MOLTBOOK_API_KEY: KEY, AGENT_COMMAND: "sandbox" })[0]).toContain("AGENT_COMMAND must not be sandbox");
  });
});

test("every fault is told at once, a line each, with the name of its variable", () => {
  const wrong = {
    PORT: "65536",
    DATABASE_URL: "localhost",
    MOLTBOOK_AGENT_NAME: "two words",
    HEARTBEAT_SCHEDULE: "0 0 30 2 *",
    HEARTBEAT_TIMEZONE: "+01:00",
    CONTENT_FILTER_ML: "maybe",
    CONTENT_FILTER_THRESHOLD: "-1",
    LOG_LEVEL: "loud",
  };
  expect(faultsOf(wrong).map((line) => line.split(" ", 2)[1])).toEqual(Object.keys(wrong));
});

test("the model's threshold lies between 0 and 1, and the model is one of the hub or a folder", () => {
  for (const threshold of ["-0.01", "1.01", "NaN", "Infinity", "half"]) {
    expect(faultsOf({ CONTENT_FILTER_THRESHOLD: threshold })).toEqual([expect.stringContaining("CONTENT_FILTER_THRESHOLD")]);
  }
  for (const threshold of [0, 0.5, 1]) {
    expect(parseConfig({ CONTENT_FILTER_THRESHOLD: String(threshold) }).filterModel).toMatchObject({ threshold });
  }
  for (const model of ["tiny", "owner/../../etc", "https://example.com/x", "a/b/c", "owner/na%2fme"]) {
    expect(faultsOf({ CONTENT_FILTER_MODEL: model })).toEqual([expect.stringContaining("CONTENT_FILTER_MODEL")]);
  }
  for (const model of ["owner/name-v2.1", "/srv/model", "./model", "../model", "C:\\models\\tiny"]) {
    expect(faultsOf({ CONTENT_FILTER_MODEL: model })).toEqual([]);
  }
});

test("a number beyond its bounds is told what they are", () => {
  expect(
    faultsOf({ PORT: "99999", CONTENT_FILTER_THRESHOLD: "7", AUTHOR_BLOCK_THRESHOLD: "1.5", AUTHOR_BLOCK_DURATION_HOURS: "-1" }),
  ).toEqual([
    "Configuration: PORT must be a whole number from 0 to 65535",
    "Configuration: CONTENT_FILTER_THRESHOLD must be a number from 0 to 1",
    "Configuration: AUTHOR_BLOCK_THRESHOLD must be a whole number from 1 to 1000",
    "Configuration: AUTHOR_BLOCK_DURATION_HOURS must be a number from 0 to 87600",
  ]);
});

test("what a URL or a header cannot hold is told by its name, and not by its value", () => {
  const [url, key] = [["postgres://moltbot", "100%hunter-2@db/x"].join(":"), "moltbook_live_hunter-2\nhunter-2"];
  expect(faultsOf({ DATABASE_URL: url, MOLTBOOK_API_KEY: key, MCP_AUTH_TOKEN: "hunter-2-h\u00fcnter-2" })).toEqual([
    "Configuration: DATABASE_URL must have a % of its user or password written as %25",
    "Configuration: MOLTBOOK_API_KEY must be one line of ASCII characters, without spaces around it",
    "Configuration: MCP_AUTH_TOKEN must be one line of ASCII characters, without spaces around it",
  ]);
  expect(faultsOf({ DATABASE_URL: "no address at all" })).toEqual([expect.stringContaining("must look like postgres://")]);
  expect(parseConfig({ DATABASE_URL: ["postgres://moltbot", "100%25@db/x"].join(":") }).databaseUrl).toContain("%25");
});
