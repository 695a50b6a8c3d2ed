import type { Link } from "./link.ts";
import { headersOf } from "./link.ts";
import { compose } from "./message.ts";
import { post, send } from "./post.ts";

const GREETING_MS = 5_000;
const GOODBYE_MS = 400;

/** Opens a session in place of one that the server has forgotten; once for all who ask meanwhile. */
export function renewSession(link: Link): Promise<void> {
  link.session.renewal ??= greet(link).finally(() => {
    link.session.renewal = null;
  });
  return link.session.renewal;
}

async function greet(link: Link): Promise<void> {
  if (!link.session.opening) return;
  const signal = AbortSignal.timeout(GREETING_MS);
  const outcome = await post(link, link.session.opening, signal, () => {});
  if (outcome.kind === "done") await post(link, compose({ method: "notifications/initialized" }), signal, () => {});
}

/** Tells a server that opens sessions that this one is over. It may be gone already: that is no fault. */
export async function endSession(link: Link): Promise<void> {
  if (!link.session.id) return;
  const signal = AbortSignal.timeout(GOODBYE_MS);
  await send(link, { method: "DELETE", headers: headersOf(link, compose({})), signal }).catch(() => {});
}
