import type { Agent } from "../server/agents/queries.ts";

/**
 * What a job gets from whoever runs it: the agent, where agents reach our MCP endpoint, the schedule's slot if it was the schedule, and the
 * database's owner for a job that needs nothing less.
 */
export type JobContext = { agent: Agent; mcpUrl: string; slot: string | null; owner?: { url: string; applied: number } };

/** What the schedule and the command line both know of a job. `options` are long options, each with a line of help. */
export type Job = {
  name: string;
  summary: string;
  options?: Record<string, { type: "string" | "boolean"; help: string }>;
  /** The option that may also be given as a bare argument. */
  argument?: string;
  /** What `--help` says below the options. */
  notes?: string;
  /** When it runs by itself: a cron expression in a time zone. */
  schedule?: { cron: string; tz: string };
  /** What it needs: nothing, the migrated database as its owner and nothing else, the database, Moltbook as well, or the whole app with its MCP endpoint. */
  needs: "nothing" | "owner" | "database" | "moltbook" | "app";
  /** Whether it needs nothing after all, with these options. */
  isAlone?(options: Record<string, string | boolean | undefined>): boolean;
  /** Does the work once. Answers a line for people (and `ok`: false ends the command with 1) or throws. */
  run(context: JobContext, options: Record<string, string | boolean | undefined>): Promise<{ ok: boolean; text: string }>;
  /** Puts on record that it was due and is paused, where a line in the list of results is not enough. */
  onPaused?(context: JobContext, reason: string): Promise<void>;
};
