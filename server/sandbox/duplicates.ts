import type { Context } from "./context.ts";
import { suspend, suspensionOf } from "./suspension.ts";
import type { Status } from "./world.ts";

/**
 * Suspends an agent that writes the same thing again, as happens to clients that retry a write whose answer was lost.
 * What failed its verification does not count, since nobody has ever seen it.
 */
export function refuseDuplicate({ world, agent, at }: Context, own: { text: string; status: Status }[], text: string): void {
  if (world.family === "oss") return;
  const again = own.some((earlier) => earlier.status !== "failed" && sameness(earlier.text) === sameness(text));
  if (!again) return;
  suspend(agent, at, "other", "Duplicate content");
  if (agent.suspension) throw suspensionOf(agent.suspension, at, true);
}

function sameness(text: string): string {
  return text.normalize("NFKC").toLowerCase().replace(/\s+/g, " ").trim();
}
