/**
 * RFC 8785 (JSON Canonicalization Scheme): keys sorted by UTF-16 code units, no white space, numbers and strings as ECMAScript writes
 * them. Takes JSON values only; undefined members are left out; throws TypeError on what JSON cannot hold.
 */
export function canonical(value: unknown): string {
  if (typeof value === "number" && !Number.isFinite(value)) throw new TypeError("JSON has no such number");
  if (value === null || typeof value === "number" || typeof value === "string" || typeof value === "boolean") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object") throw new TypeError(`JSON has no ${typeof value}`);
  let members = "";
  // Without a comparison function strings are sorted by their code units.
  for (const key of Object.keys(value).toSorted()) {
    const member = (value as Record<string, unknown>)[key];
    if (member !== undefined) members += `${members && ","}${JSON.stringify(key)}:${canonical(member)}`;
  }
  return `{${members}}`;
}

/** SHA-256 of a text (UTF-8) or of a value's canonical JSON, as 64 hex digits. */
export function digest(value: unknown): string {
  return new Bun.CryptoHasher("sha256").update(typeof value === "string" ? value : canonical(value)).digest("hex");
}
