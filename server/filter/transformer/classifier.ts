import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";

import { batchesOf, type Window, windowsOf } from "./windows.ts";

/** Longest window in tokens, for models that name no limit of their own. */
const WINDOW = 512;

/** Labels that say that a text is harmless, in the models that are about. */
const HARMLESS = /^(?:safe|benign|legit|legitimate|clean|normal|none|negative|no[_ -]?injection|label_0|0)$/i;

/** As much of `@huggingface/transformers` as is used of it. */
type Tensor = { tolist(): number[][] };
type Tokenizer = {
  encode(text: string, options?: { add_special_tokens: boolean }): number[];
  pad_token_id?: number;
  model_max_length?: number;
};
type Classifier = { (inputs: Record<string, Tensor>): Promise<{ logits: Tensor }>; config: { id2label?: Record<string, string> } };
type Pretrained<Type> = { from_pretrained(path: string, options: Record<string, unknown>): Promise<Type> };
type Library = {
  env: { allowRemoteModels: boolean; localModelPath: string };
  AutoTokenizer: Pretrained<Tokenizer>;
  AutoModelForSequenceClassification: Pretrained<Classifier>;
  Tensor: new (type: "int64", data: BigInt64Array, dimensions: number[]) => Tensor;
};

/** Scores texts in order: how likely each is an attack, 0 to 1; null where `deadline` (ms since 1970) came before the text was read to its end. */
export type Classify = (texts: string[], deadline: number) => Promise<(number | null)[]>;

/**
 * Loads the text classifier of a folder (config.json, tokenizer.json, tokenizer_config.json and model.onnx there or in onnx/) by the library
 * installed at `runtime`, and nothing from the network. Long texts are read in overlapping windows, of which the worst counts.
 */
export async function loadClassifier(folder: string, runtime: string): Promise<Classify> {
  const { env, AutoTokenizer, AutoModelForSequenceClassification, Tensor } = (await import(
    Bun.resolveSync("@huggingface/transformers", runtime)
  )) as Library;
  env.allowRemoteModels = false;
  env.localModelPath = "/";
  const options = {
    local_files_only: true,
    dtype: "fp32",
    device: "cpu",
    subfolder: existsSync(join(folder, "onnx", "model.onnx")) ? "onnx" : "",
    // Half of the cores: the server needs some too.
    session_options: { intraOpNumThreads: Math.max(1, availableParallelism() >> 1), interOpNumThreads: 1 },
  };
  const tokenizer = await AutoTokenizer.from_pretrained(folder, options);
  const model = await AutoModelForSequenceClassification.from_pretrained(folder, options);
  const harmless = harmlessLabel(model.config.id2label ?? {});
  const [open = 0, ...close] = tokenizer.encode("");
  const padding = tokenizer.pad_token_id ?? 0;
  const size = Math.min(WINDOW, tokenizer.model_max_length ?? WINDOW);

  const scoresOf = async (batch: Window[]): Promise<number[]> => {
    const length = Math.max(...batch.map(({ ids }) => ids.length));
    const fill = (value: (ids: number[], at: number) => number) =>
      new Tensor(
        "int64",
        BigInt64Array.from(
          batch.flatMap(({ ids }) => Array.from({ length }, (_, at) => value(ids, at))),
          BigInt,
        ),
        [batch.length, length],
      );
    const { logits } = await model({
      input_ids: fill((ids, at) => ids[at] ?? padding),
      attention_mask: fill((ids, at) => (at < ids.length ? 1 : 0)),
    });
    return logits.tolist().map((row) => 1 - softmax(row, harmless));
  };

  return async (texts, deadline) => {
    const tokens = texts.map((text) => tokenizer.encode(text, { add_special_tokens: false }));
    const scores: (number | null)[] = texts.map(() => 0);
    for (const batch of batchesOf(windowsOf(tokens, [open], close, size))) {
      const isLate = Date.now() > deadline;
      const found = isLate ? [] : await scoresOf(batch);
      for (const [index, { text }] of batch.entries()) {
        const before = scores[text] ?? null;
        scores[text] = before === null || isLate ? null : Math.max(before, found[index] ?? 1);
      }
    }
    return scores;
  };
}

function harmlessLabel(labels: Record<string, string>): number {
  const found = Object.entries(labels).filter(([, label]) => HARMLESS.test(label));
  const [only] = found;
  if (only === undefined || found.length > 1)
    throw new Error("the model's id2label must name exactly one label for harmless texts, such as SAFE");
  return Number(only[0]);
}

/** Share of one of the logits. Anything that is no number counts as an attack. */
function softmax(logits: number[], index: number): number {
  const greatest = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - greatest));
  const share = (powers[index] ?? 0) / powers.reduce((sum, power) => sum + power, 0);
  return Number.isFinite(share) ? share : 0;
}
