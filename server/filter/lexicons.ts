import type { Lexicon } from "./lexicon.ts";
import { ASIAN } from "./lexicon/asian.ts";
import { ENGLISH } from "./lexicon/english.ts";
import { FURTHER } from "./lexicon/further.ts";
import { GERMANIC } from "./lexicon/germanic.ts";
import { NORTHERN } from "./lexicon/northern.ts";
import { ROMANCE } from "./lexicon/romance.ts";
import { SLAVIC } from "./lexicon/slavic.ts";
import { SOUTHERN } from "./lexicon/southern.ts";

/** Every lexicon: the rules are written over concepts, so a language is added here and nowhere else. */
export const LEXICONS: readonly Lexicon[] = [ENGLISH, ...GERMANIC, ...ROMANCE, ...SLAVIC, ...ASIAN, ...SOUTHERN, ...NORTHERN, ...FURTHER];
