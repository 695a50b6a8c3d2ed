import { countSpentTexts, deleteSpentTexts, dropExpired, type Expired, listExpired } from "./queries.ts";

/** Texts deleted by one statement. */
const BATCH = 20_000;

/** What retention takes, or would take: whole months of records, and texts that nothing refers to any more. */
export type Retention = { dropped: Expired[]; kept: Expired[]; texts: number };

/** What retention would take now. */
export async function planRetention(): Promise<Retention> {
  const expired = await listExpired();
  const dropped = expired.filter(({ held }) => held === null);
  return { dropped, kept: expired.filter(({ held }) => held !== null), texts: await countSpentTexts() };
}

/**
 * Drops the months whose time is over, and then deletes the texts that they leave without a use, in batches. What is evidence of an open issue,
 * or of a run that goes on, stays. Each step is a record of the audit chain, whose own records stay for ever.
 */
export async function applyRetention(): Promise<Retention> {
  const dropped: Expired[] = [];
  const kept: Expired[] = [];
  for (const expired of await listExpired()) (!expired.held && (await dropExpired(expired.name)) ? dropped : kept).push(expired);
  let texts = 0;
  for (let batch = BATCH; batch === BATCH; texts += batch) batch = await deleteSpentTexts(BATCH);
  return { dropped, kept, texts };
}
