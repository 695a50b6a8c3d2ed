import { AppError } from "../errors.ts";
import type { Moltbook } from "./endpoints.ts";
import { createMoltbook } from "./endpoints.ts";

let connected: Moltbook | undefined;

/** Sets the Moltbook that every tool talks to, before anything does. */
export function connectMoltbook(options: Parameters<typeof createMoltbook>[0]): void {
  connected = createMoltbook(options);
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
