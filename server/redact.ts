import { config } from "./config.ts";

const MASK = "[secret]";

/**
 * Secrets of known shapes: Moltbook keys and verification codes, our own tokens and canaries, Anthropic, OpenAI, GitHub, AWS, Slack and Google keys,
 * bearer headers, JSON web tokens, passwords in addresses, and private keys. All run in linear time: every gap is bounded or starts at a word.
 */
const SHAPES = [
  /moltbook_(?:sk_[\w-]{8,}|(?:[a-z]{1,12}_)?[A-Za-z0-9]{16,}[\w-]*)/g,
  /mb[trwic]_[\w-]{20,}/g,
  // Not inside a word: "task-oriented-programming-is" is none.
  /(?:sk-ant-|sk-proj-|(?<![A-Za-z0-9])sk-)[\w-]{16,}/g,
  /(?:gh[pousr]_|github_pat_)[A-Za-z0-9_]{20,}/g,
  /(?:AKIA|ASIA)[0-9A-Z]{16}/g,
  /(?:xox[abeprs]-[A-Za-z0-9-]{10,}|AIza[\w-]{35})/g,
  /(?<=bearer )[\w.~+/-]{16,}/gi,
  /(?<![\w-])eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,}/g,
  /(?<=:\/\/[^\s:/@]{0,100}:)[^\s:/@]{3,200}(?=@)/g,
  /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[^-]{1,20000}/g,
];

/** Known secrets, longest first, so that one which begins like another goes as a whole. */
const KNOWN = [
  config.moltbookKey,
  config.mcpAuthToken,
  config.operatorPassword,
  config.databaseUrl && decodeURIComponent(new URL(config.databaseUrl).password),
  ...Object.entries(config.agentEnv)
    .filter(([name]) => /KEY|TOKEN/.test(name))
    .map(([, value]) => value),
]
  .filter((secret): secret is string => typeof secret === "string" && secret.length >= 8)
  .toSorted((one, other) => other.length - one.length);

/** What every secret of a known shape begins with, in texts and in JSON alike: JSON escapes none of these characters. */
const HINT =
  /moltbook_|mb[trwic]_|sk-[\w-]{16}|gh[pousr]_|github_pat_|A[KS]IA|xox[abeprs]-|AIza|eyJ|:\/\/[^\s/]{1,2000}@|-----BEGIN |[Bb][Ee][Aa][Rr][Ee][Rr] /;
const KNOWN_IN_JSON = KNOWN.map((secret) => JSON.stringify(secret).slice(1, -1));

/**
 * A copy of a JSON value in which every known or recognisable secret reads `[secret]`, and which Postgres can store: what is stored or shown
 * is always this copy.
 */
export function redact(value: unknown): unknown {
  return mapTexts(value, redactText);
}

/** The same as JSON; `json` is that of the value. Most values hold nothing of the kind, which shows in their JSON at one look. */
export function redactJson(value: unknown, json: string): string {
  const isClean = isStorable(json) && !HINT.test(json) && !KNOWN_IN_JSON.some((secret) => json.includes(secret));
  return isClean ? json : JSON.stringify(redact(value));
}

/** The same for one text. */
export function redactText(text: string): string {
  let safe = storable(text);
  if (!HINT.test(safe) && !KNOWN.some((secret) => safe.includes(secret))) return safe;
  for (const secret of KNOWN) safe = safe.replaceAll(secret, MASK);
  for (const shape of SHAPES) safe = safe.replace(shape, MASK);
  return safe;
}

/** A text as Postgres can store it, and any client can read it: NUL and halves of surrogate pairs become U+FFFD. */
export function storable(text: string): string {
  return text.isWellFormed() && !text.includes("\u0000") ? text : text.toWellFormed().replaceAll("\u0000", "\ufffd");
}

/** A value with every text as `storable` makes it: itself, where all of them are so already. */
export function storableValue<Value>(value: Value): Value {
  return isStorable(JSON.stringify(value) ?? "") ? value : (mapTexts(value, storable) as Value);
}

/** A value's JSON as Postgres can store it. */
export function storableJson(value: unknown): string {
  const json = JSON.stringify(value);
  return isStorable(json) ? json : JSON.stringify(mapTexts(value, storable));
}

/** JSON writes NUL as \u0000 and half a pair as \ud83d, and a whole pair as it is. */
function isStorable(json: string): boolean {
  return !json.includes("\\u0000") && !json.includes("\\ud");
}

/** A copy of a JSON value with every text, keys included, put through `change`. */
function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((element: unknown) => mapTexts(element, change));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [change(key), mapTexts(member, change)]));
}

/** Every text in a JSON value, in order, without the keys. */
export function textsOf(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsOf) : [];
}
