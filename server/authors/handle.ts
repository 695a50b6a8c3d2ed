import { normalise } from "../filter/normalise.ts";

/**
 * An author's name as names are compared: without case, disguise (see `normalise`), and the `@` or `u/` that people write in front of it. Empty
 * for what is no name at all.
 */
export function handleOf(name: string): string {
  return normalise(name.slice(0, 100))
    .text.trim()
    .toLowerCase()
    .replace(/^(?:@|\/?u\/)/, "")
    .slice(0, 300);
}
