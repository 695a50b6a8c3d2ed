import { exportBlocks, importBlocks } from "../server/authors/file.ts";
import { config } from "../server/config.ts";
import { AppError } from "../server/errors.ts";
import type { Job } from "./job.ts";

export const blockedAuthors: Job = {
  name: "blocked-authors",
  summary: "Take blocked authors from a JSON file, or write them to one",
  options: {
    import: { type: "string", help: "Block the authors in this file as well" },
    export: { type: "string", help: "Write all blocked authors to this file" },
  },
  needs: "database",
  async run({ agent }, { import: from, export: to }) {
    const owner = { agent_id: agent.id, mode: config.mode };
    if (typeof from === "string" && to === undefined) {
      const { added, found } = await importBlocks(owner, from, "job");
      return { ok: true, text: `${added} authors blocked, of ${found} in the file.` };
    }
    if (typeof to === "string" && from === undefined)
      return { ok: true, text: `${await exportBlocks(owner, to)} blocked authors written to ${to}.` };
    throw new AppError("invalid", "Say one of the two: --import FILE or --export FILE");
  },
};
