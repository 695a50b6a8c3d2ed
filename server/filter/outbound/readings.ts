import { normalise } from "../normalise.ts";

/** Disguises upon disguises that are undone. */
const DEPTH = 3;

/** Characters in a row that must be printable for a decoding to have met text: in random bytes so many hardly ever follow each other. */
const PRINTABLE = /[\t\n\r\x20-\x7e\u00a0-\ufffc]{16,}/g;

/** Characters one by one, with blanks or points and the like between them. */
const SPACED = /(?<!\S)(?:\S\s{1,2}){8,}\S(?!\S)/g;
const POINTED = /(?:[\w-][.,*|/]){8,}[\w-]/g;

const ESCAPE = /%([0-9a-f]{2})|\\x([0-9a-f]{2})|\\u([0-9a-f]{4})/gi;

/**
 * The ways to read a text that may hide something: normalised, letter by letter, backwards, and whatever escapes, base64, hex or decimal codes
 * spell in any of them. Made for finding what must not go out, where the places do not matter: signs that the code at hand does not use are
 * skipped wherever they stand, so that line breaks, blanks and quotes hide nothing. Time is linear in the length.
 */
export function readingsOf(text: string): string[] {
  const plain = normalise(text).text;
  const together = plain.replace(SPACED, (run) => run.replace(/\s/g, "")).replace(POINTED, (run) => run.replace(/[.,*|/]/g, ""));
  const readings = new Set([plain, together, reversed(plain)]);
  let latest = [...new Set([plain, together])];
  for (let depth = 0; depth < DEPTH && latest.length > 0; depth += 1) {
    latest = latest.flatMap((one) => [...decoded(one), ...decoded(reversed(one))]).filter((reading) => !readings.has(reading));
    for (const reading of latest) readings.add(reading);
  }
  return [...readings];
}

function reversed(text: string): string {
  return Array.from(text).toReversed().join("");
}

function decoded(text: string): string[] {
  const plain = text.replace(ESCAPE, (_, percent?: string, hex?: string, unicode?: string) =>
    String.fromCharCode(Number.parseInt(percent ?? hex ?? unicode ?? "", 16)),
  );
  const found = plain === text ? [] : [plain];
  for (const bytes of [...unbased(text), ...unhexed(text), uncounted(text)]) {
    const words = bytes.match(PRINTABLE);
    if (words) found.push(normalise(words.join("\n")).text);
  }
  return found;
}

/** As base64, wherever in its groups of four the code begins. */
function unbased(text: string): string[] {
  const code = text.replace(/[^A-Za-z0-9+/_-]/g, "");
  return [0, 1, 2, 3].map((skipped) => Buffer.from(code.slice(skipped), "base64").toString());
}

function unhexed(text: string): string[] {
  const code = text.replace(/0x|\\x|\\u00|u\+00/gi, "").replace(/[^0-9A-Fa-f]/g, "");
  return [0, 1].map((skipped) => Buffer.from(code.slice(skipped), "hex").toString());
}

function uncounted(text: string): string {
  const codes = text.match(/(?<!\d)\d{2,3}(?!\d)/g) ?? [];
  return codes.map((code) => String.fromCharCode(Number(code))).join("");
}
