import { insertApiKey } from "../server/auth/queries.ts";
import { NewApiKey } from "../server/auth/schema.ts";
import { AppError } from "../server/errors.ts";
import type { Job } from "./job.ts";

const ADVICE: Record<string, string> = {
  name: "Give the key a name: --name NAME (letters, digits, spaces and . _ - only)",
  scope: "Give the key a scope: --scope read, --scope write or --scope ingest",
  expires_days: "Say in how many days it expires: --expires-days 90 (0, or nothing: never)",
};

export const apiKey: Job = {
  name: "api-key",
  summary: "Make an API key and print it, once",
  options: {
    name: { type: "string", help: "What the key is for" },
    scope: { type: "string", help: "read, write or ingest" },
    "expires-days": { type: "string", help: "In how many days it opens nothing any more (never)" },
  },
  needs: "database",
  async run(_context, { name, scope, "expires-days": days }) {
    const wanted = NewApiKey.safeParse({ name, scope, expires_days: days });
    if (!wanted.success)
      throw new AppError("invalid", ADVICE[String(wanted.error.issues[0]?.path[0])] ?? "Give the key a name and a scope.");
    const { name: called, scope: opens, expires_days: expiresDays } = wanted.data;
    return { ok: true, text: await insertApiKey(called, opens, { expiresDays }) };
  },
};
