import { config } from "../server/config.ts";
import { SCALES } from "../server/demo/life.ts";
import { seedDemo } from "../server/demo/seed.ts";
import { AppError } from "../server/errors.ts";
import type { Job } from "./job.ts";

const FARTHEST = 10 * 365 * 86_400_000;

export const seedDemoJob: Job = {
  name: "seed-demo",
  summary: "Fill the sandbox's record with a believable year of an agent's life, to look at or to measure with",
  options: {
    scale: { type: "string", help: "small (2,190 runs) or large (100,000 runs, 2 million calls); small if left out" },
    until: {
      type: "string",
      help: "The year's last moment, RFC 3339; the same moment gives the same year. Today's midnight in UTC if left out",
    },
    json: { type: "boolean", help: "Print the counts as JSON" },
  },
  needs: "database",
  async run({ agent }, { scale = "small", until, json }) {
    if (config.mode !== "sandbox")
      throw new AppError("invalid", "A demo belongs into a sandbox: start without MOLTBOOK_API_KEY, with a DATA_DIR of its own.");
    if (scale !== "small" && scale !== "large") throw new AppError("invalid", `--scale is small or large, not ${String(scale)}.`);
    const end = typeof until === "string" ? Date.parse(until) : Math.floor(Date.now() / 86_400_000) * 86_400_000;
    // Every month from there to now gets its partitions.
    if (!(end > Date.now() - FARTHEST && end <= Date.now()))
      throw new AppError("invalid", "--until is no moment of the last ten years. Write it as 2026-01-31T00:00:00Z.");
    const counts = await seedDemo(agent, SCALES[scale], end, showProgress);
    if (!counts) return { ok: true, text: json ? "null" : "The demo is here already. For another one, use an empty DATA_DIR." };
    if (json) return { ok: true, text: JSON.stringify(counts) };
    return {
      ok: true,
      text: Object.entries(counts)
        .map(([table, count]) => `${count.toLocaleString("en")} ${table}`)
        .join(", "),
    };
  },
};

function showProgress(done: number, all: number): void {
  if (process.stderr.isTTY)
    process.stderr.write(`\r${done.toLocaleString("en")} of ${all.toLocaleString("en")} runs${done === all ? "\n" : ""}`);
}
