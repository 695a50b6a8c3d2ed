import { insertSignInLink } from "../server/auth/queries.ts";
import { config } from "../server/config.ts";
import type { Job } from "./job.ts";

export const signInLink: Job = {
  name: "sign-in-link",
  summary: "Make a link that signs you in to the dashboard once, within an hour",
  needs: "database",
  async run({ mcpUrl }) {
    const base = mcpUrl ? mcpUrl.replace(/\/mcp$/, "") : `http://127.0.0.1:${config.port}`;
    return { ok: true, text: `${base}/sign-in/${await insertSignInLink()}` };
  },
};
