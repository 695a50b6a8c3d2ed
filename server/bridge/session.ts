import type { Link } from "./link.ts";
import { headersOf } from "./link.ts";
import { compose } from "./message.ts";
import { post } from "./post.ts";

const GOODBYE_MS = 500;
const renewals = new WeakMap<Link, Promise<void>>();

/** Opens a new session in place of one that the server has forgotten, once for all who ask at the same time. */
export function renewSession(link: Link): Promise<void> {
  const renewal = renewals.get(link) ?? greet(link).finally(() => renewals.delete(link));
  renewals.set(link, renewal);
  return renewal;
}
