import { config } from "./config.ts";

/** Secrets of known shapes: Moltbook keys and verification codes, our own tokens, Anthropic and OpenAI keys, GitHub tokens, AWS key ids, bearer headers. */
const SHAPES = [
  /moltbook_(?:[a-z]+_)?[A-Za-z0-9]{16,}/g,
  /mbt_[A-Za-z0-9_-]{20,}/g,
  /mb[rwi]_[A-Za-z0-9_-]{20,}/g,
  /sk-[A-Za-z0-9_-]{16,}/g,
  /gh[pousr]_[A-Za-z0-9]{20,}/g,
  /AKIA[0-9A-Z]{16}/g,
  /(?<=bearer )[A-Za-z0-9._~+/-]{16,}/gi,
];
const MASK = "[secret]";

/** A copy of a JSON value in which every known or recognisable secret reads `[secret]`: what is stored or shown is always this copy. */
export function redact(value: unknown): unknown {
  if (typeof value === "string") return redactText(value);
  if (Array.isArray(value)) return value.map(redact);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [redactText(key), redact(member)]));
}

/** The same for one text. */
export function redactText(text: string): string {
  let safe = text;
  for (const secret of knownSecrets) safe = safe.replaceAll(secret, MASK);
  for (const shape of SHAPES) safe = safe.replace(shape, MASK);
  return safe;
}

const knownSecrets = [
  config.moltbookKey,
  config.mcpAuthToken,
  config.operatorPassword,
  ...Object.entries(config.agentEnv)
    .filter(([name]) => /KEY|TOKEN/.test(name))
    .map(([, value]) => value),
].filter((secret): secret is string => typeof secret === "string" && secret.length >= 8);
