import { join } from "node:path";

import { AppError } from "../server/errors.ts";
import { examplesOf, familyOf, readCorpus, readRows } from "../server/filter/model/data.ts";
import { provenanceOf } from "../server/filter/model/provenance.ts";
import { train } from "../server/filter/model/train.ts";
import type { Job } from "./job.ts";

const FOLDER = join(import.meta.dir, "..", "server", "filter", "model");

export const trainFilter: Job = {
  name: "train-filter",
  summary: 'Train the filter\'s fast model on JSON lines {"id","text","label","source","slice"} and write its weights and figures',
  options: { data: { type: "string", help: "The file, plain or .gz; only sources whose licence allows it are learned from" } },
  needs: "nothing",
  async run(_, { data }) {
    if (typeof data !== "string") throw new AppError("invalid", "Name the file: bun run job train-filter --data FILE");
    if (!(await Bun.file(data).exists())) throw new AppError("not_found", `There is no file ${data}.`);
    const [rows, corpus] = await Promise.all([readRows(data), readCorpus()]);
    const examples = examplesOf(
      rows.filter(({ source }) => familyOf(source) !== undefined),
      corpus,
    );
    const weights = train(examples);
    await Bun.write(join(FOLDER, "weights.bin"), weights.bytes);
    await Bun.write(join(FOLDER, "provenance.json"), `${JSON.stringify(provenanceOf(weights, rows, corpus), null, 2)}\n`);
    return { ok: true, text: `Trained on ${examples.length} texts; weights and figures are in server/filter/model.` };
  },
};
