import { config } from "../server/config.ts";
import { AppError } from "../server/errors.ts";
import { downloadModel } from "../server/filter/transformer/download.ts";
import { installRuntime } from "../server/filter/transformer/install.ts";
import { checkModel } from "../server/filter/transformer/open.ts";
import { isFolder, isRuntimeBuiltIn, modelFolder, runtimeFolder } from "../server/filter/transformer/place.ts";
import type { Job } from "./job.ts";

const HUB = "https://huggingface.co";

export const downloadModelJob: Job = {
  name: "download-model",
  summary: "Install the filter's optional model (CONTENT_FILTER_MODEL) and the library that it runs on, and try them",
  options: { hub: { type: "string", help: `Another hub with the addresses of ${HUB}` } },
  needs: "nothing",
  async run(_context, options) {
    const { name } = config.filterModel;
    const hub = typeof options.hub === "string" ? options.hub.replace(/\/$/, "") : HUB;
    if (!URL.canParse(hub)) throw new AppError("invalid", "--hub must be an address such as https://huggingface.co");
    if (!isRuntimeBuiltIn()) {
      report("Installing the library…");
      await installRuntime(runtimeFolder(config.dataDir));
    }
    const folder = modelFolder(name, config.dataDir);
    const commit = isFolder(name) ? null : await downloadModel(hub, name, folder, report);
    report("Loading the model…");
    const digest = await checkModel();
    const what = commit === null ? `${folder} is used as it is` : `${name} at ${commit} is in ${folder}`;
    return { ok: true, text: `${what}; it loads and answers (${digest}). CONTENT_FILTER_ML=true turns it on.` };
  },
};

function report(line: string): void {
  process.stderr.write(`${line}\n`);
}
