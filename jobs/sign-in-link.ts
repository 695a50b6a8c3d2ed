import { insertSignInLink } from "../server/auth/queries.ts";
import { NewUser } from "../server/auth/schema.ts";
import { OPERATOR } from "../server/auth/users/queries.ts";
import { config } from "../server/config.ts";
import { AppError } from "../server/errors.ts";
import type { Job } from "./job.ts";

export const signInLink: Job = {
  name: "sign-in-link",
  summary: "Make a link that signs you in to the dashboard once, within an hour",
  options: {
    name: { type: "string", help: "Whom it signs in (operator)" },
    role: { type: "string", help: "What they may do: operator, or viewer, who can look and change nothing (operator)" },
  },
  needs: "database",
  async run({ mcpUrl }, { name = OPERATOR.name, role = OPERATOR.role }) {
    const person = NewUser.safeParse({ name, role });
    if (!person.success)
      throw new AppError("invalid", "Give a name of letters, digits, - and _ (--name NAME), and --role operator or --role viewer");
    const base = mcpUrl ? mcpUrl.replace(/\/mcp$/, "") : `http://127.0.0.1:${config.port}`;
    return { ok: true, text: `${base}/sign-in/${await insertSignInLink(person.data)}` };
  },
};
