/** What a word of the lexicon can mean to a rule. Verbs come first: in languages that end with their verb they count as `verb_`. */
const VERBS = ["drop", "reveal", "act", "run", "send", "edit", "hide", "dictate", "disable"] as const;

const OTHERS = [
  "obey",
  "decode",
  "spread",
  "prior",
  "every",
  "your",
  "orders",
  "talk",
  "prompt",
  "secret",
  "money",
  "file",
  "human",
  "agents",
  "limits",
  "free",
  "system",
  "alert",
  "urgent",
  "exact",
  "response",
  "task",
  "tool",
  "instead",
  "threat",
  "me",
  "data",
  "net",
  "shell",
  "code",
  "nay",
  "subject",
  "report",
  "model",
  "harm",
  "rot13",
  "reversed",
  "atbash",
  "ask",
  "keyish",
  "persona",
  "favour",
  "pretext",
  "told",
  "yours",
  "ordinary",
] as const;

const ALL: readonly string[] = [...VERBS, ...VERBS.map((verb) => `${verb}_`), ...OTHERS];

if (ALL.length > 64) throw new Error("There are more concepts than bits.");

/** A set of concepts in two 32-bit halves. */
export type Mask = { lo: number; hi: number };

/** The set of the concepts of a list such as `prior|every`; throws on a name that is no concept. */
export function maskOf(names: string): Mask {
  const mask = { lo: 0, hi: 0 };
  for (const name of names.split("|")) {
    const index = ALL.indexOf(name);
    if (index < 0) throw new Error(`There is no concept ${name}.`);
    if (index < 32) mask.lo |= 1 << index;
    else mask.hi |= 1 << (index - 32);
  }
  return mask;
}

/** The form of a verb's name that languages ending with their verb use; the name itself for anything else. */
export function finalForm(name: string): string {
  return (VERBS as readonly string[]).includes(name) ? `${name}_` : name;
}
