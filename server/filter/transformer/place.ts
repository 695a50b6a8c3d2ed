import { existsSync } from "node:fs";
import { isAbsolute, join, resolve } from "node:path";

/** Files of a model that the classifier reads. */
export const MODEL_FILES = ["config.json", "tokenizer.json", "tokenizer_config.json", "onnx/model.onnx"];

/** Whether CONTENT_FILTER_MODEL names a folder, by a path, rather than a model of the hub, by `owner/name`. */
export function isFolder(model: string): boolean {
  return isAbsolute(model) || model.startsWith(".");
}

/** Where the files of a model are, or will be once they are downloaded. */
export function modelFolder(model: string, dataDir: string): string {
  return isFolder(model) ? resolve(model) : join(dataDir, "models", ...model.split("/"));
}

/** Where an image that was built with the library has it. */
const BUILT_IN = join(import.meta.dir, "..", "..", "..", "model-runtime");

/** Whether this installation was built with the library that the model runs on. */
export function isRuntimeBuiltIn(): boolean {
  return existsSync(BUILT_IN);
}

/** Where the library is installed that the model runs on. */
export function runtimeFolder(dataDir: string): string {
  return isRuntimeBuiltIn() ? BUILT_IN : join(dataDir, "model-runtime");
}

/** What the model lacks to be loaded, in words for the operator, or null. */
export function missingPart(folder: string, runtime: string): string | null {
  const cure = "run bun run job download-model";
  if (!existsSync(join(runtime, "node_modules", "@huggingface", "transformers"))) return `its library is not installed: ${cure}`;
  return existsSync(join(folder, "config.json"))
    ? null
    : `there is no model in ${folder}: ${cure}, or set CONTENT_FILTER_MODEL to its folder`;
}
