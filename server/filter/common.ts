import { hashOf } from "./hints.ts";

/** Words that hardly an English line does without. */
export const COMMON: ReadonlySet<string> = new Set(
  "the and to of you your all in is me my this that for with from are now it send not any on as an be no or at by we i a will can have has what how they so but if there their when which one about out up more who than its do was were had been just like time would could should only some other into our us them these those then also over after first two new because through where every same something what's i'm it's don't here most even before why very still between without while each never make made way thing things want need know think get see use work good long day people own back being did does much too".split(
    " ",
  ),
);

const PLACES = new Uint8Array(1 << 16);
for (const word of COMMON) PLACES[placeOf(hashOf(word))] = 1;

/** Whether a word is a common one, by the hash of its lower-case form: never no where it is, and hardly ever yes where it is not. */
export function isCommon(hash: number): boolean {
  return PLACES[placeOf(hash)] === 1;
}

/** A place for a hash among 2¹⁶. */
export function placeOf(hash: number): number {
  return (hash ^ (hash >>> 16)) & 0xffff;
}
