/** Longest string that can be a handle, an id or an enumeration's value. */
const HANDLE = /^[A-Za-z0-9_-]{1,64}$/;

const NUMBER = /^[+-]?\d{1,20}(?:\.\d{1,20})?$/;

/** RFC 3339 times and Moltbook's own spelling of them, as in `2026-03-07 19:40:16.57007+00`. */
const TIME = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d(?::?\d\d)?)?)?$/;

/** Whether a string is a plain handle, id, number or time: nothing that a model could read as a sentence. */
export function isIdentifier(text: string): boolean {
  return HANDLE.test(text) || NUMBER.test(text) || TIME.test(text);
}

/**
 * Whether a string can carry a sentence: it has white space, or more than 64 units, or a character beyond printable ASCII (Chinese, Japanese and
 * disguised text do without spaces), and is no time.
 */
export function isProse(text: string): boolean {
  return (text.length > 64 || /[^\x21-\x7e]/.test(text)) && !TIME.test(text);
}
