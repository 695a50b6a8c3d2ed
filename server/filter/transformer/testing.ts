import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { attribute, graph, ints, model, node, tensor, valueInfo } from "./onnx.testing.ts";

/** Words that the tiny model holds to be an attack; one is enough. */
const ATTACK = ["obey", "▁obey", "▁Obey"];

const SPECIAL = ["[PAD]", "[CLS]", "[SEP]", "[UNK]", "[MASK]"];
const LETTERS = Array.from("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,:;!?'\"-()");
const PIECES = [...SPECIAL, "▁", ...LETTERS, ...ATTACK, "▁the", "▁and", "▁post", "▁please", "▁instructions"];

/** Floats that the hungry model takes per token: 16 MB. */
const HUNGER = 4_000_000;

/** Rows and columns of the matrix that the slow model multiplies with, and how often it does. */
const LABOUR = 2_000;
const ROUNDS = 40;

/**
 * The files of a text classifier as small as can be, behind the interface of DebertaV2: its configuration, its kind of tokenizer (unigrams), and an
 * ONNX graph of the same inputs and outputs. The graph is no transformer: a text is INJECTION when it holds the word "obey". `hungry`: every token of
 * a text takes 16 MB besides. `slow`: every token takes long, and little room.
 */
export function tinyModel({ hungry = false, slow = false } = {}): Map<string, Uint8Array> {
  return new Map<string, Uint8Array>([
    ["config.json", json(CONFIG)],
    ["tokenizer.json", json(tokenizer())],
    ["tokenizer_config.json", json(TOKENIZER_CONFIG)],
    ["onnx/model.onnx", onnx(hungry, slow)],
  ]);
}

/** Writes files, as `tinyModel` makes them, into a folder. */
export function writeModel(folder: string, files: Map<string, Uint8Array>): string {
  for (const [name, bytes] of files) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
  }
  return folder;
}

const CONFIG = {
  architectures: ["DebertaV2ForSequenceClassification"],
  model_type: "deberta-v2",
  id2label: { 0: "SAFE", 1: "INJECTION" },
  label2id: { SAFE: 0, INJECTION: 1 },
  hidden_size: 1,
  num_attention_heads: 1,
  num_hidden_layers: 1,
  max_position_embeddings: 512,
  vocab_size: PIECES.length,
  type_vocab_size: 0,
};

const TOKENIZER_CONFIG = {
  tokenizer_class: "DebertaV2Tokenizer",
  model_max_length: 512,
  bos_token: "[CLS]",
  cls_token: "[CLS]",
  eos_token: "[SEP]",
  sep_token: "[SEP]",
  pad_token: "[PAD]",
  unk_token: "[UNK]",
  mask_token: "[MASK]",
  do_lower_case: false,
  split_by_punct: false,
};

const part = (id: string) => ({ SpecialToken: { id, type_id: 0 } });
const sequence = (id: string) => ({ Sequence: { id, type_id: 0 } });

function tokenizer(): unknown {
  const special = SPECIAL.map((content, id) => ({
    id,
    content,
    special: true,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
  }));
  return {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: special,
    normalizer: { type: "Replace", pattern: { Regex: " {2,}" }, content: " " },
    pre_tokenizer: { type: "Metaspace", replacement: "▁", add_prefix_space: true, prepend_scheme: "always", split: true },
    post_processor: {
      type: "TemplateProcessing",
      single: [part("[CLS]"), sequence("A"), part("[SEP]")],
      pair: [part("[CLS]"), sequence("A"), part("[SEP]"), sequence("B"), part("[SEP]")],
      special_tokens: {
        "[CLS]": { id: "[CLS]", ids: [1], tokens: ["[CLS]"] },
        "[SEP]": { id: "[SEP]", ids: [2], tokens: ["[SEP]"] },
      },
    },
    decoder: { type: "Metaspace", replacement: "▁", add_prefix_space: true, prepend_scheme: "always", split: true },
    // A whole word costs less than its letters.
    model: { type: "Unigram", unk_id: 3, vocab: PIECES.map((piece) => [piece, SPECIAL.includes(piece) ? 0 : piece.length > 1 ? -4 : -8]) },
  };
}

/** logits = [0, 8 * (greatest evidence of a token that the mask shows) - 4] */
function onnx(hungry: boolean, slow: boolean): Uint8Array {
  const evidence = PIECES.map((piece) => (ATTACK.includes(piece) ? 1 : 0));
  const nodes = [
    node("Gather", ["evidence", "input_ids"], ["of_tokens"]),
    node("Cast", ["attention_mask"], ["shown"], [attribute("to", 1)]),
    node("Mul", ["of_tokens", "shown"], ["of_shown"]),
    node("ReduceMax", ["of_shown"], ["greatest"], [attribute("axes", [1]), attribute("keepdims", 1)]),
    ...(slow ? SLOW : hungry ? HUNGRY : [node("Identity", ["greatest"], ["counted"])]),
    node("MatMul", ["counted", "weights"], ["weighed"]),
    node("Add", ["weighed", "bias"], ["logits"]),
  ];
  const initializers = [
    tensor("evidence", [PIECES.length], Float32Array.from(evidence)),
    tensor("weights", [1, 2], Float32Array.of(0, 8)),
    tensor("bias", [2], Float32Array.of(0, -4)),
    ...(hungry || slow ? [ints("length_at", [1]), ints("appetite", [slow ? LABOUR : HUNGER])] : []),
  ];
  const inputs = [valueInfo("input_ids", 7, ["batch", "sequence"]), valueInfo("attention_mask", 7, ["batch", "sequence"])];
  return model(graph("tiny", nodes, initializers, inputs, [valueInfo("logits", 1, ["batch", 2])]));
}

/** A tensor of as many times `appetite` as the text has tokens, the greatest of whose zeros is added. */
const HUNGRY = [
  node("Shape", ["input_ids"], ["shape"]),
  node("Gather", ["shape", "length_at"], ["length"]),
  node("Concat", ["length", "appetite"], ["room"], [attribute("axis", 0)]),
  node("ConstantOfShape", ["room"], ["zeros"]),
  node("ReduceMax", ["zeros"], ["zero"], [attribute("keepdims", 0)]),
  node("Add", ["greatest", "zero"], ["counted"]),
];

/** As many multiplications of a matrix of `appetite` rows with one of as many rows as the text has tokens as take seconds for a full window. */
const SLOW = [
  ...HUNGRY.slice(0, 3),
  node("ConstantOfShape", ["room"], ["labour_0"]),
  node("Concat", ["appetite", "appetite"], ["square"], [attribute("axis", 0)]),
  node("ConstantOfShape", ["square"], ["factor"]),
  ...Array.from({ length: ROUNDS }, (_, round) => node("MatMul", [`labour_${round}`, "factor"], [`labour_${round + 1}`])),
  node("ReduceMax", [`labour_${ROUNDS}`], ["zero"], [attribute("keepdims", 0)]),
  node("Add", ["greatest", "zero"], ["counted"]),
];

function json(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

/**
 * A hub on loopback that has one model, as Hugging Face's has it: large files elsewhere, behind a redirect. `forged`: a
 * file that it lists and then sends changed by a bit. Close it with `using`.
 */
export function openHub(name: string, files: Map<string, Uint8Array>, { forged = "" } = {}) {
  const seen: string[] = [];
  const commit = "0123456789abcdef0123456789abcdef01234567";
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch({ url, method }) {
      const { pathname } = new URL(url);
      seen.push(`${method} ${pathname}`);
      const [, place, file = ""] = /^\/(?:(store)|.*?\/resolve\/[^/]+)\/(.+)$/.exec(pathname) ?? [];
      const bytes = files.get(file);
      if (!bytes || (!place && !pathname.startsWith(`/${name}/resolve/`))) return new Response("Entry not found", { status: 404 });
      const sent = new Uint8Array(bytes);
      if (file === forged) sent[20] = (sent[20] ?? 0) ^ 1;
      if (place) return new Response(sent);
      const headers: Record<string, string> = { "x-repo-commit": commit };
      if (!file.endsWith(".onnx")) {
        const blob = new Bun.CryptoHasher("sha1").update(`blob ${bytes.length}\0`).update(bytes).digest("hex");
        return new Response(sent, { headers: { ...headers, etag: `"${blob}"` } });
      }
      const sha256 = new Bun.CryptoHasher("sha256").update(bytes).digest("hex");
      return new Response(null, {
        status: 302,
        headers: { ...headers, "x-linked-etag": `"${sha256}"`, "x-linked-size": String(bytes.length), location: `/store/${file}` },
      });
    },
  });
  return { url: `http://127.0.0.1:${server.port}`, commit, seen, [Symbol.dispose]: () => void server.stop(true) };
}

/**
 * A double of the library, for what of the model needs no library: a text is INJECTION when it holds "obey", and makes the process do what it says
 * when it holds another of these words. It answers one token a word, and keeps the words by their numbers.
 */
export function writeLibrary(runtime: string): string {
  const folder = join(runtime, "node_modules", "@huggingface", "transformers");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "@huggingface/transformers", type: "module", main: "index.js" }));
  writeFileSync(join(folder, "index.js"), LIBRARY);
  return runtime;
}

const LIBRARY = `
  const words = ["[PAD]", "[CLS]", "[SEP]"];
  const idOf = (word) => (words.includes(word) || words.push(word), words.indexOf(word));
  const encode = (text, { add_special_tokens = true } = {}) => {
    const ids = text.split(/\\s+/).filter(Boolean).map(idOf);
    return add_special_tokens ? [1, ...ids, 2] : ids;
  };
  const deeds = {
    SIGKILL: () => process.kill(process.pid, "SIGKILL"),
    throw: () => { throw new Error("no such operator"); },
    exit: () => process.exit(3),
    hang: () => { for (;;); },
    fill: () => { for (const held = []; ; ) held.push(new Uint8Array(16_000_000).fill(1)); },
  };
  export const env = {};
  export class Tensor {
    constructor(type, data, dims) { Object.assign(this, { data, dims }); }
    tolist() { return Array.from({ length: this.dims[0] }, (_, row) => Array.from(this.data.slice(row * this.dims[1], (row + 1) * this.dims[1]))); }
  }
  export const AutoTokenizer = { from_pretrained: async () => ({ encode, pad_token_id: 0, model_max_length: 512 }) };
  export const AutoModelForSequenceClassification = {
    from_pretrained: async () => Object.assign(async ({ input_ids }) => {
      const texts = input_ids.tolist().map((ids) => ids.map((id) => words[Number(id)]));
      for (const word of texts.flat()) deeds[word]?.();
      return { logits: { tolist: () => texts.map((text) => (text.includes("obey") ? [-4, 4] : [4, -4])) } };
    }, { config: { id2label: { 0: "SAFE", 1: "INJECTION" } } }),
  };
`;
