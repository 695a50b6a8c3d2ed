import type { ImportReport, Remark, TableReport } from "./schema.ts";

/**
 * A report for people: a line for each table, and one for everything that was left out or changed, with the first ids there. `woken` is the agent
 * that the heartbeat wakes: whose record was taken wants to go on.
 */
export function describeReport({ source, dry_run, agent, tables, prompt }: ImportReport, woken: string): string {
  const sum = tables.reduce((total, { taken, renewed }) => total + taken + renewed, 0);
  const what = dry_run
    ? `An import of ${source} would take ${count(sum)} rows. Nothing was changed.`
    : `${count(sum)} rows taken from ${source}.`;
  return [
    what,
    `What names no agent is ${agent}'s.`,
    "",
    ...tables.flatMap(describeTable),
    ...(agent === woken
      ? []
      : ["", `The heartbeat wakes ${woken}. Set MOLTBOOK_AGENT_NAME=${agent} and start again to go on as ${agent}.`]),
    ...(prompt === null ? [] : ["", dry_run ? `Afterwards: ${prompt}` : prompt]),
    "",
    "Keep the old database: records that are older than ours may grow are dropped by night. bun run job retention says which.",
  ].join("\n");
}

function describeTable({ table, found, taken, renewed, known, skipped, notes }: TableReport): string[] {
  const name = table.padEnd(17);
  if (found === null) return [`${name}  is not there`];
  const out = skipped.reduce((sum, remark) => sum + remark.count, 0);
  const parts = [`${count(found)} found`, `${count(taken)} taken`];
  if (renewed > 0) parts.push(`${count(renewed)} brought up to date`);
  if (known > 0) parts.push(`${count(known)} known already`);
  if (out > 0) parts.push(`${count(out)} left out`);
  return [
    `${name}  ${parts.join(", ")}`,
    ...skipped.map((remark) => line("left out", remark)),
    ...notes.map((remark) => line("taken, but", remark)),
  ];
}

function line(what: string, { about, count: times, ids }: Remark): string {
  return `  ${what}: ${about} (${count(times)}; ids ${ids.join(", ")}${times > ids.length ? ", …" : ""})`;
}

function count(number: number): string {
  return number.toLocaleString("en");
}
