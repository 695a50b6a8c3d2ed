import { scan as scanLines } from "../server/filter/scan.ts";
import type { Job } from "./job.ts";

/** Lines written between two flushes: keeps memory constant however slowly the reader takes them. */
const LINES_PER_FLUSH = 200;

export const scan: Job = {
  name: "scan",
  summary: 'Judge texts by the content filter: JSON lines {"id","text"} from stdin, verdicts as JSON lines to stdout',
  needs: "nothing",
  async run() {
    const out = Bun.stdout.writer();
    let written = 0;
    const counts = await scanLines(Bun.stdin.stream(), async (line) => {
      await out.write(`${line}\n`);
      written += 1;
      if (written % LINES_PER_FLUSH === 0) await out.flush();
    });
    await out.flush();
    await Bun.stderr.write(`${counts.lines} lines, ${counts.flagged} flagged, ${counts.bad} unreadable\n`);
    return { ok: counts.bad === 0, text: "" };
  },
};
