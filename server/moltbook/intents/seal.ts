import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";

const CIPHER = "aes-256-gcm";
const IV = 12;
const TAG = 16;

/** The key that the answers to a bearer of this token are sealed with (HKDF-SHA-256, RFC 5869). */
export function answerKeyOf(token: string): Buffer {
  return Buffer.from(hkdfSync("sha256", token, "", "moltbot.answers", 32));
}

/**
 * An answer as it is kept for the case that its call comes again (AES-256-GCM): only the same token opens it, for an answer may hold a
 * verification code, and those are on record as hashes only.
 */
export function seal(answer: unknown, key: Buffer): string {
  const iv = randomBytes(IV);
  const cipher = createCipheriv(CIPHER, key, iv);
  const sealed = Buffer.concat([cipher.update(JSON.stringify(answer), "utf8"), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString("base64");
}

/** The answer in a seal, or null if another token sealed it. */
export function unseal(sealed: string, key: Buffer): unknown {
  const bytes = Buffer.from(sealed, "base64");
  const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, IV));
  decipher.setAuthTag(bytes.subarray(IV, IV + TAG));
  try {
    return JSON.parse(Buffer.concat([decipher.update(bytes.subarray(IV + TAG)), decipher.final()]).toString("utf8"));
  } catch {
    return null;
  }
}
