import type { Names } from "./agents.ts";
import { importedId } from "./id.ts";

/** A run that stands for a day in UTC, of an agent: calls belong to a run, and the old database does not say to which. */
export type DayRun = { id: string; agent_id: string; day: string };

export type Days = {
  /** The id of the run that stands for the day of a moment. */
  runOf: (agent: string, at: Date) => string;
  /** Those that were asked for since the last time, which have to be made sure of before anything belongs to them. */
  takeNew: () => DayRun[];
};

export function openDays(names: Names): Days {
  const known = new Map<string, string>();
  const fresh: DayRun[] = [];
  return {
    runOf(agent, at) {
      const day = at.toISOString().slice(0, 10);
      const key = `${agent} ${day}`;
      const id = known.get(key) ?? importedId(new Date(`${day}T00:00:00Z`), { table: "days", key: day, agent });
      if (!known.has(key)) fresh.push({ id, agent_id: names.idOf(agent), day });
      known.set(key, id);
      return id;
    },
    takeNew: () => fresh.splice(0),
  };
}
