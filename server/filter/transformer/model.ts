import { describe, log } from "../../log.ts";
import { FILTER_VERSION } from "../verdict.ts";
import type { Opinion } from "./opinion.ts";
import { insertOpinions, listOpinions } from "./queries.ts";
import type { ModelStatus } from "./schema.ts";
import { supervise, type Supervision } from "./supervise.ts";

/** Longest text (UTF-16 units) and most texts of a response that are put to the model: Moltbook's own limit for a post, and more than a page of them. */
const LONGEST_TEXT = 40_000;
const MOST_TEXTS = 100;

/** `name`: the model's own, for its version. `threshold`: the score, 0 to 1, from which a text counts as an attack. `timeoutMs`: how long a response waits. */
export type ModelOptions = Supervision & { name: string; threshold: number; timeoutMs: number };

export type Model = {
  threshold: number;
  /** Loads the model; the first question does so too. */
  start: () => void;
  /** The model's opinion of each text, by the text. Never throws; opinions without a score come in about `timeoutMs` at the latest. */
  ask: (texts: string[]) => Promise<Map<string, Opinion>>;
  status: () => ModelStatus;
  stop: () => Promise<void>;
};

/** The filter's model, in a process of its own, and its memory of what it has said before, in Postgres. */
export function openModel({ name, threshold, timeoutMs, ...supervision }: ModelOptions): Model {
  const { start, loaded, judge, status, stop } = supervise(supervision);

  const ask = async (texts: string[]): Promise<Map<string, Opinion>> => {
    const deadline = Date.now() + timeoutMs;
    const hashes = new Map(texts.map((text) => [text, new Bun.CryptoHasher("sha256").update(text).digest("hex")]));
    const model = `${name}@${(await loaded(deadline)) ?? "none"}`;
    const version = `${FILTER_VERSION}+${model}`;
    const scores = await recall(version, [...hashes.values()]);
    const asked = texts.filter((text) => text.length <= LONGEST_TEXT && !scores.has(hashOf(text))).slice(0, MOST_TEXTS);
    const said = asked.length > 0 ? await judge(asked, deadline) : [];
    const fresh = new Map<string, number>();
    for (const [at, text] of asked.entries()) {
      const score = said[at];
      if (typeof score === "number") fresh.set(hashOf(text), score);
    }
    await keep(version, fresh);
    const scoreOf = (text: string) => fresh.get(hashOf(text)) ?? scores.get(hashOf(text)) ?? null;
    return new Map(texts.map((text) => [text, { score: scoreOf(text), model }]));

    function hashOf(text: string): string {
      return hashes.get(text) ?? "";
    }
  };
  return { threshold, start, ask, status, stop };
}

/** Without the database the model is asked again. */
async function recall(version: string, hashes: string[]): Promise<Map<string, number>> {
  try {
    return await listOpinions(version, hashes);
  } catch (error) {
    log.warn("filter_model.opinions_not_read", describe(error));
    return new Map();
  }
}

async function keep(version: string, scores: Map<string, number>): Promise<void> {
  try {
    if (scores.size > 0) await insertOpinions(version, scores);
  } catch (error) {
    log.warn("filter_model.opinions_not_kept", describe(error));
  }
}
