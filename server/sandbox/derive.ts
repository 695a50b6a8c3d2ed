/** 32 bytes that depend on nothing but the seed and the key: every id, choice and quirk of the sandbox comes from here. */
export function digest(seed: string, key: string): Uint8Array {
  return new Bun.CryptoHasher("sha256").update(`${seed}\0${key}`).digest();
}

/** The digest as lower-case hexadecimal, shortened to `length` characters (at most 64). */
export function hex(seed: string, key: string, length: number): string {
  return Buffer.from(digest(seed, key)).toString("hex").slice(0, length);
}

/** A well-formed version 4 UUID (RFC 9562) that the seed and the key decide. */
export function uuid(seed: string, key: string): string {
  const bytes = Buffer.from(digest(seed, key)).subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** A die that always falls the same way for the same seed and key: each call gives the next whole number from 0 to `sides` - 1. */
export function dice(seed: string, key: string): (sides: number) => number {
  let throws = 0;
  return (sides) => Buffer.from(digest(seed, `${key}#${throws++}`)).readUInt32BE(0) % sides;
}

/** One of the items, chosen by the die; throws RangeError for an empty list. */
export function pick<T>(roll: (sides: number) => number, items: readonly T[]): T {
  const item = items[roll(Math.max(1, items.length))];
  if (item === undefined) throw new RangeError("nothing to pick from");
  return item;
}
