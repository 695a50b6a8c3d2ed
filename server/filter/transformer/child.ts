import { existsSync } from "node:fs";
import { setPriority } from "node:os";
import { join } from "node:path";

import { loadClassifier } from "./classifier.ts";
import { missingPart } from "./place.ts";
import type { Answer, Question } from "./process.ts";

/** What the ONNX runtime says of an operator that failed. */
const OF_OPERATORS = /Non-zero status code returned while running \w{1,40} node/;

/**
 * The model's own process: `bun child.ts FOLDER RUNTIME`, spoken to over IPC by `process.ts`. It says which model it has loaded, then answers one
 * question after the other. After any failure it ends, since nobody knows what a native library has left behind; and it ends with its parent.
 */
async function main(folder: string, runtime: string): Promise<void> {
  process.on("disconnect", () => process.exit());
  setPriority(10);
  const missing = missingPart(folder, runtime);
  if (missing) throw new Error(missing);
  const classify = await loadClassifier(folder, runtime);
  // What cannot judge a word is not ready.
  await classify(["Hello"], Number.POSITIVE_INFINITY);
  send({ ready: await digestOf(folder) });
  let turn = Promise.resolve();
  process.on("message", ({ id, texts, deadline }: Question) => {
    turn = turn.then(async () => send({ id, scores: await classify(texts, deadline) })).catch(failOnText);
  });
}

/** The first digits of the SHA-256 of the model's weights: two models of one name are told apart by it. */
async function digestOf(folder: string): Promise<string> {
  const inside = join(folder, "onnx", "model.onnx");
  const hasher = new Bun.CryptoHasher("sha256");
  for await (const chunk of Bun.file(existsSync(inside) ? inside : join(folder, "model.onnx")).stream()) hasher.update(chunk);
  return hasher.digest("hex").slice(0, 12);
}

function send(answer: Answer): void {
  process.send?.(answer);
}

/** Of what breaks on a text, only what cannot quote it is told. */
function failOnText(error: unknown): void {
  fail(new Error(OF_OPERATORS.exec(String(error))?.[0] ?? "it failed on a text"));
}

/** Says why, and ends. */
function fail(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? error.message.split("\n", 1)[0] : String(error)}\n`);
  process.exit(1);
}

const [folder = "", runtime = ""] = process.argv.slice(2);
main(folder, runtime).catch(fail);
