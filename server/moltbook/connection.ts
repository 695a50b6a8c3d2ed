import { AppError } from "../errors.ts";
import { checkBaseUrl } from "./base-url.ts";
import type { Moltbook } from "./endpoints.ts";
import { createMoltbook } from "./endpoints.ts";

let connected: Moltbook | undefined;
let origin: string | undefined;

/** Sets the Moltbook that every tool talks to, before anything does. */
export function connectMoltbook(options: Parameters<typeof createMoltbook>[0]): void {
  connected = createMoltbook(options);
  origin = new URL(checkBaseUrl(options.baseUrl)).origin;
}

/** Where the connected Moltbook publishes its documents: https://www.moltbook.com, or a loopback address. Throws as `moltbook` does. */
export function moltbookOrigin(): string {
  moltbook();
  return origin as string;
}

/** The Moltbook client of this process. Throws AppError `unavailable` before `connectMoltbook`. */
export function moltbook(): Moltbook {
  if (!connected) {
    throw new AppError("unavailable", "Moltbook is not connected yet. Try again in a moment.", {
      details: { kind: "network", landed: false },
    });
  }
  return connected;
}
