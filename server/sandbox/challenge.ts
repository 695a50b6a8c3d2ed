import { dice, pick } from "./derive.ts";

type Roll = (sides: number) => number;

const SENTENCES: Record<"+" | "-" | "*" | "/", readonly string[]> = {
  "+": [
    "a lobster grips with {a} newtons and then tightens by {b} more, what is the total force?",
    "a lobster crawls at {a} centimeters per second and a current adds {b}, what is the new speed?",
    "the left claw of a lobster pulls {a} newtons while the right claw pulls {b} newtons, how strong are both together?",
  ],
  "-": [
    "a lobster swims at {a} meters per second and mud slows it by {b}, what is the remaining speed?",
    "a lobster presses with {a} newtons but a fresh molt reduces this by {b}, what force is left?",
    "a lobster at {a} meters depth climbs {b} meters up, how deep is it now?",
  ],
  "*": [
    "a lobster pushes a rock with {a} newtons over {b} meters, how much work is that in joules?",
    "each of {b} lobsters pulls a trap with {a} newtons, what is the total force?",
    "a lobster paddles {a} meters per minute for {b} minutes, how far does it get in total?",
  ],
  "/": [
    "a lobster drifts {a} meters in {b} seconds, what is its average speed?",
    "a load of {a} newtons is shared evenly among {b} lobster claws, what does each claw carry?",
    "a lobster spreads {a} newtons over {b} square meters, what pressure is that?",
  ],
};

/**
 * The challenge behind a verification code: a small sum about lobsters, written so that only a reader of language finds it easy,
 * and its answer with two decimals ("15.00"). The same seed and code always give the same challenge.
 */
export function challengeFor(seed: string, code: string): { text: string; answer: string } {
  const roll = dice(seed, `challenge:${code}`);
  const operation = pick(roll, ["+", "-", "*", "/"] as const);
  const [a, b] = operands(operation, roll);
  const sentence = pick(roll, SENTENCES[operation]).replace("{a}", number(a, roll)).replace("{b}", number(b, roll));
  return { text: obfuscate(sentence, roll), answer: calculate(operation, a, b).toFixed(2) };
}

function operands(operation: "+" | "-" | "*" | "/", roll: Roll): [number, number] {
  if (operation === "*") return [2 + roll(38), 2 + roll(11)];
  // Divisors whose quotients end within two decimals, so that one answer is right.
  if (operation === "/") return [10 + roll(80), pick(roll, [2, 4, 5, 10])];
  return [20 + roll(70), 2 + roll(18)];
}

function calculate(operation: "+" | "-" | "*" | "/", a: number, b: number): number {
  if (operation === "+") return a + b;
  if (operation === "-") return a - b;
  return operation === "*" ? a * b : a / b;
}

const ONES = "zero one two three four five six seven eight nine ten".split(" ");
const TEENS = "eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(" ");
const TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split(" ");

function number(value: number, roll: Roll): string {
  if (roll(5) === 0) return String(value);
  if (value < 20) return [...ONES, ...TEENS][value] ?? String(value);
  const tens = TENS[Math.floor(value / 10) - 2] ?? "";
  return value % 10 === 0 ? tens : `${tens} ${ONES[value % 10]}`;
}

const SYMBOLS = ["]", "[", "^", "/", "~", "{", "}", "|", "<", ">", "-", "."] as const;

function obfuscate(sentence: string, roll: Roll): string {
  const style = { doubling: pick(roll, [0, 5, 2]), splitting: pick(roll, [0, 6, 3]), scatter: 5 + roll(8) };
  const words = sentence.split(" ").map((word) => (/\d/.test(word) ? word : disguise(word, style, roll)));
  return alternateCaps(words.join(" "));
}

/** Digits are left alone by the caller: a symbol beside them would change the sum, not the look of it. */
function disguise(word: string, style: { doubling: number; splitting: number; scatter: number }, roll: Roll): string {
  const split = style.splitting > 0 && word.length > 4 && roll(style.splitting) === 0 ? 2 + roll(word.length - 3) : -1;
  return Array.from(word)
    .map((letter, index) => {
      const twice = /[a-z]/.test(letter) && style.doubling > 0 && roll(style.doubling) === 0 ? letter + letter : letter;
      const before = index === split ? pick(roll, [" ", "]", "-", "/"]) : "";
      return before + twice + (roll(style.scatter) === 0 ? pick(roll, SYMBOLS) : "");
    })
    .join("");
}

function alternateCaps(text: string): string {
  let letters = 0;
  return text.replace(/[a-z]/g, (letter) => (letters++ % 2 === 0 ? letter.toUpperCase() : letter));
}
