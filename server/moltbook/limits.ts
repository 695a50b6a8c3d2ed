/** What Moltbook limits apart from the rest. */
export type LimitClass = "read" | "write" | "post" | "comment" | "vote" | "verify" | "submolt";

/** At most `most` calls within any `seconds`. */
export type Window = { most: number; seconds: number };

/** `young` holds for accounts in their first 24 hours. */
type Limits = { windows: Window[]; young: Window[] };

const DAY = 86_400;
const both = (...windows: Window[]): Limits => ({ windows, young: windows });

/**
 * Moltbook's limits of an account (skill.md 1.12.0). The window of reads is two seconds longer than Moltbook's, since we count from when a
 * read leaves and Moltbook from when it arrives; writes are counted from when they have ended. Moltbook sets none for votes, but acts
 * against farming karma: thirty an hour is ours.
 */
export const LIMITS: Record<LimitClass, Limits> = {
  read: both({ most: 60, seconds: 62 }),
  write: both({ most: 30, seconds: 60 }),
  post: { windows: [{ most: 1, seconds: 30 * 60 }], young: [{ most: 1, seconds: 2 * 3600 }] },
  comment: {
    windows: [
      { most: 1, seconds: 20 },
      { most: 50, seconds: DAY },
    ],
    young: [
      { most: 1, seconds: 60 },
      { most: 20, seconds: DAY },
    ],
  },
  vote: both({ most: 30, seconds: 3600 }),
  verify: both({ most: 30, seconds: 60 }),
  submolt: { windows: [{ most: 1, seconds: 3600 }], young: [{ most: 1, seconds: DAY }] },
};
