import { settle } from "./agenda.ts";
import { changeWorld, Command } from "./control.ts";
import type { Entry } from "./journal.ts";
import { perform } from "./router.ts";
import { timeOf, type World } from "./world.ts";

/** Does again what a journal holds, each write at its own time, so that the world stands as it did; its clock never goes back behind the last. */
export function replay(world: World, entries: Entry[]): void {
  const { clock } = world;
  for (const entry of entries) {
    const at = Date.parse(entry.at);
    if (entry.method === "CONTROL") {
      settle(world, at);
      changeWorld(world, Command.parse(entry.body), at);
      continue;
    }
    const agent = entry.agent === null ? null : (world.agents.get(entry.agent.toLowerCase()) ?? null);
    const { method, path, body } = entry;
    perform(world, { method, path, query: new URLSearchParams(), body, origin: "", agent }, at);
  }
  const last = entries.at(-1);
  if (last) clock.offset += Math.max(0, Date.parse(last.at) - timeOf(world));
}
