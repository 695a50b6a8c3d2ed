import type { Remark, Table, TableReport } from "./schema.ts";

/** How many ids a remark names: enough to look at, whatever the number. */
const MOST_IDS = 5;
const LONGEST_ID = 40;
/** How many different remarks there are of a table: some quote what a row holds, which may be different in each. */
const MOST_REMARKS = 50;

/** Counts what becomes of a table's rows. */
export type Tally = {
  /** So many were new here; the rest of those that were sent had been there. */
  add: (sent: number, taken: number, renewed?: number) => void;
  skip: (reason: string, id: string) => void;
  note: (about: string, id: string) => void;
  report: () => TableReport;
};

export function openTally(table: Table, found: number | null): Tally {
  const sums = { taken: 0, renewed: 0, known: 0 };
  const skipped = new Map<string, Remark>();
  const notes = new Map<string, Remark>();
  return {
    add(sent, taken, renewed = 0) {
      sums.taken += taken;
      sums.renewed += renewed;
      sums.known += sent - taken - renewed;
    },
    skip: (reason, id) => remark(skipped, reason, id),
    note: (about, id) => remark(notes, about, id),
    report: () => ({ table, found, ...sums, skipped: [...skipped.values()], notes: [...notes.values()] }),
  };
}

function remark(remarks: Map<string, Remark>, reason: string, id: string): void {
  const about = remarks.has(reason) || remarks.size < MOST_REMARKS ? reason : "there are more reasons than are told apart";
  const found = remarks.get(about) ?? { about: harmless(about), count: 0, ids: [] };
  found.count += 1;
  if (found.ids.length < MOST_IDS) found.ids.push(harmless(id).slice(0, LONGEST_ID));
  remarks.set(about, found);
}

/** What an old database holds is printed on a terminal, which would carry out what some characters say. */
function harmless(text: string): string {
  return text.replaceAll(/\p{C}/gu, "\u{fffd}");
}
