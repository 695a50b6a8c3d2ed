import { redactText, storable } from "../../redact.ts";

/** Keys and tokens of services beyond those that are masked in our own record, each told by a beginning of its own. */
const FORMATS = [
  /(?<![A-Za-z0-9])(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{16,}/,
  /(?<![A-Za-z0-9])(?:npm_|hf_|glpat-|dop_v1_|shpat_|pypi-|tskey-|xai-|gsk_|r8_|lin_api_|ntn_|sbp_|vercel_|figd_)[\w-]{16,}/,
  /(?<![A-Za-z0-9])SG\.[\w-]{16,}\.[\w-]{16,}/,
  /(?<![A-Za-z0-9])\d{8,10}:AA[\w-]{32,}/,
  /(?<![A-Za-z0-9])ya29\.[\w-]{20,}/,
  /(?:password|passwd|secret|api[_-]?key|access[_-]?token)["']?\s{0,3}[:=]\s{0,3}["']?(?=[^\s"']{0,40}\d)(?=[^\s"']{0,40}[A-Za-z])[^\s"'$<>{}[\]()]{12,}/i,
];

/** Whether a text holds one of our own keys or tokens, or a secret of a known format. */
export function holdsSecret(text: string): boolean {
  return redactText(text) !== storable(text) || FORMATS.some((format) => format.test(text));
}

const TOKEN = /[A-Za-z0-9+/_=-]{20,}/g;
const PICTURE = /data:image\/[a-z.+-]{1,20};base64,[A-Za-z0-9+/=]*/g;

/** Whether a text holds a token that looks drawn at random: none of our readers' words, and no hash, UUID, picture or encoded text. */
export function holdsRandomToken(text: string): boolean {
  return text.replace(PICTURE, "").match(TOKEN)?.some(isRandom) ?? false;
}

/** Of the neighbours in a random text of letters and figures most differ in kind; in names, paths and code few do. */
const MIXED = 0.38;

/** Hashes, commits and UUIDs are named everywhere and open nothing. */
const HEX = /^(?:0x)?[0-9a-f]+$/i;

/** Whether a token of 20 characters or more looks drawn at random. */
export function isRandom(token: string): boolean {
  const pieces = token.split(/[/_=-]+/).filter((piece) => piece.length >= 16 && !HEX.test(piece));
  return pieces.some((piece) => changes(piece) / piece.length >= MIXED && /\d.*\d/.test(piece)) && !spellsText(token);
}

function changes(piece: string): number {
  let count = 0;
  for (let at = 1; at < piece.length; at += 1) if (kindOf(piece.charCodeAt(at)) !== kindOf(piece.charCodeAt(at - 1))) count += 1;
  return count;
}

function kindOf(unit: number): number {
  return unit >= 0x61 ? 1 : unit >= 0x41 ? 2 : 3;
}

/** What base64 spells is read as text, and judged as such. */
function spellsText(token: string): boolean {
  return /^[\t\n\r\x20-\x7e\u00a0-\ufffc]+$/.test(Buffer.from(token, "base64").toString("utf8"));
}
