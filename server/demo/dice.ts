/** Whole numbers from 0 to `sides` − 1, the same for the same seed (mulberry32), and what is made of them. */
export type Dice = {
  roll(sides: number): number;
  /** True once in so many times. */
  once(inHowMany: number): boolean;
  pick<T>(items: readonly T[]): T;
  /** A UUIDv7 (RFC 9562, 5.7) of a moment in milliseconds. */
  id(at: number): string;
};

const HEX = Array.from({ length: 65_536 }, (_, value) => value.toString(16).padStart(4, "0"));

/** Dice that fall the same way on every machine. A throw takes nanoseconds, which the sandbox's own dice, made for choices that are few, do not. */
export function newDice(seed: number): Dice {
  let state = seed | 0;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const roll = (sides: number) => Math.floor((next() / 2 ** 32) * sides);
  return {
    roll,
    once: (inHowMany) => roll(inHowMany) === 0,
    pick: (items) => items[roll(items.length)] as (typeof items)[number],
    id(at) {
      const high = Math.floor(at / 65_536);
      const [one, two, three] = [next(), next(), next()];
      return `${HEX[high >>> 16]}${HEX[high & 0xffff]}-${HEX[at % 65_536]}-7${HEX[one & 0xffff]?.slice(1)}-${HEX[0x8000 | (one >>> 18)]}-${HEX[two >>> 16]}${HEX[two & 0xffff]}${HEX[three >>> 16]}`;
    },
  };
}
