import type { CallFacts, Facts } from "./facts.ts";
import { blame } from "./facts.ts";

/**
 * Whether the chain vouches for a call from its beginning to its end. One that never ended has no digest of a result, and no outcome but that nobody
 * knows it.
 */
export function isTold({ call, told }: CallFacts): boolean {
  return told.opened && (told.closed || call.result_sha256 === null);
}

/** When everything is read: blames what no record of the chain explains. */
export function blameUntold(facts: Facts): void {
  for (const { line, reason, partitions } of facts.missing)
    if (!partitions.some((partition) => facts.dropped.has(partition))) blame(facts, line, reason);
  const classes = new Set(Array.from(facts.dropped, (partition) => partition.replace(/_\d+$/, "")));
  for (const kind of facts.header?.dropped ?? [])
    if (!classes.has(kind)) blame(facts, 1, `it says that ${kind} were dropped, and no record of the chain tells of that`);
  for (const { line, call, told } of facts.calls.values()) {
    if (!told.opened || told.closed || call.result_sha256 !== null) continue;
    if (call.outcome !== null && call.outcome !== "unknown") blame(facts, line, "it has an outcome, and no digest of a result");
  }
}
