import type { Scope } from "../server/auth/queries.ts";
import { insertApiKey } from "../server/auth/queries.ts";
import { AppError } from "../server/errors.ts";
import type { Job } from "./job.ts";

const SCOPES: readonly string[] = ["read", "write", "ingest"] satisfies Scope[];

export const apiKey: Job = {
  name: "api-key",
  summary: "Make an API key and print it, once",
  options: { name: { type: "string", help: "What the key is for" }, scope: { type: "string", help: "read, write or ingest" } },
  needs: "database",
  async run(_context, { name, scope }) {
    if (typeof name !== "string" || !name.trim()) throw new AppError("invalid", "Give the key a name: --name NAME");
    if (typeof scope !== "string" || !SCOPES.includes(scope))
      throw new AppError("invalid", "Give the key a scope: --scope read, --scope write or --scope ingest");
    return { ok: true, text: await insertApiKey(name.trim().slice(0, 100), scope as Scope) };
  },
};
