import { AppError } from "../errors.ts";

const MOLTBOOK_API = "https://www.moltbook.com/api/v1";
const LOOPBACK = new Set(["127.0.0.1", "localhost", "[::1]"]);

/**
 * The one base URL that may ever see the Moltbook key, without a trailing slash: Moltbook's own, to the letter, or a loopback address
 * for the sandbox and for tests. Anything else throws `invalid` with the cure; the URL itself is not repeated, because it may hold a secret.
 */
export function checkBaseUrl(url: string): string {
  const base = url.replace(/\/$/, "");
  if (base === MOLTBOOK_API || isLoopback(base)) return base;
  throw new AppError(
    "invalid",
    `The Moltbook address must be exactly ${MOLTBOOK_API} (https, with www: the bare host redirects and drops the key), ` +
      "or a loopback address (127.0.0.1, localhost, [::1]) without user, query or fragment. Set MOLTBOOK_API_BASE to it or leave it unset.",
  );
}

/** True for an http(s) address on this machine. The parsed host decides, so `http://127.0.0.1@elsewhere/` is not one. */
export function isLoopback(url: string): boolean {
  const parsed = URL.parse(url);
  if (!parsed || !LOOPBACK.has(parsed.hostname)) return false;
  const bare = parsed.username === "" && parsed.password === "" && !/[?#]/.test(url);
  return bare && (parsed.protocol === "http:" || parsed.protocol === "https:");
}
