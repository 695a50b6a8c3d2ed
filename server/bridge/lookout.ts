import { setTimeout as sleep } from "node:timers/promises";

import type { Link } from "./link.ts";
import { endOutage } from "./link.ts";
import { pauseAfter } from "./pause.ts";
import { send } from "./post.ts";
import { greetAnew } from "./session.ts";

const HEALTH_MS = 2_000;

/** Resolves when the server is back and has heard the greeting that it missed; one look-out for all who wait. */
export function awaitReturn(link: Link): Promise<void> {
  link.lookout ??= look(link).finally(() => (link.lookout = null));
  return link.lookout;
}

async function look(link: Link): Promise<void> {
  for (let failures = 0; !(await isBack(link)); failures++) await sleep(pauseAfter(failures));
  endOutage(link);
}

async function isBack(link: Link): Promise<boolean> {
  if (!(await isThere(link))) return false;
  const { kind } = link.owed ? await greetAnew(link) : { kind: "done" };
  return kind === "done" || kind === "rejected";
}

/** Whether anything healthy answers. A server without a health address is there, too. */
export function isThere(link: Link): Promise<boolean> {
  const health = { ...link, url: new URL("health", link.url) };
  return send(health, { signal: AbortSignal.timeout(HEALTH_MS) }).then(
    async ({ status, body }) => {
      await body?.cancel();
      return status < 500;
    },
    () => false,
  );
}
