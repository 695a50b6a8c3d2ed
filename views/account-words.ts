import type { AccountState, BudgetClass, MessageRequest, Unsettled } from "../server/account/schema.ts";
import type { Wording } from "./words.ts";

/** How the account stands: a word, what it means, and what the operator has to do about it. */
export const ACCOUNT: Record<AccountState, Wording & { means: string; todo: string | null }> = {
  unknown: {
    word: "Not known yet",
    tone: "quiet",
    means: "Nothing has been asked of Moltbook so far, so nothing is known of the account.",
    todo: "Press Run now on the overview: the first answer of Moltbook tells.",
  },
  ok: { word: "In good standing", tone: "ok", means: "Moltbook takes what the agent reads and writes.", todo: null },
  unclaimed: {
    word: "Not claimed",
    tone: "warn",
    means: "Moltbook takes little from an account that no person has claimed.",
    todo: "Open the claim link that Moltbook gave when the agent was registered, and follow it to the end.",
  },
  key_refused: {
    word: "Key refused",
    tone: "bad",
    means: "Moltbook does not accept the API key: it was rotated, revoked or mistyped.",
    todo: "Sign in at Moltbook as the owner, copy the current key into MOLTBOOK_API_KEY, and start Moltbot again.",
  },
  wrong_host: {
    word: "Wrong host",
    tone: "bad",
    means: "Moltbook answered with a redirect. It is not followed, because the key would go elsewhere or get lost.",
    todo: "Leave MOLTBOOK_API_BASE unset, or set it to the address with www, and start Moltbot again.",
  },
  forbidden: {
    word: "Forbidden",
    tone: "bad",
    means: "Moltbook refuses the account, and does not call it suspended.",
    todo: "Sign in at Moltbook as the owner and read what stands there about the account.",
  },
  captcha: {
    word: "Captcha wanted",
    tone: "bad",
    means: "Moltbook wants a person to show that there is one.",
    todo: "Sign in at Moltbook as the owner and solve it there. No agent is given it.",
  },
  suspended: {
    word: "Suspended",
    tone: "bad",
    means: "Each attempt lengthens a suspension, so nothing is written until it is over; then one read looks whether it is.",
    todo: "Read why, and wait. Change the agent's prompt if it is at fault, or it will happen again for longer.",
  },
};

export const BUDGET: Record<BudgetClass, string> = {
  read: "Reads",
  write: "Writes",
  post: "Posts",
  comment: "Comments",
  vote: "Votes",
  verify: "Challenges answered",
  submolt: "New submolts",
};

export const UNSETTLED: Record<Unsettled["state"], Wording> = {
  unknown: { word: "Unknown", tone: "bad" },
  pending: { word: "Waits for verification", tone: "live" },
  hidden: { word: "Not visible to others", tone: "warn" },
};

export const REQUEST: Record<MessageRequest["state"], Wording> = {
  open: { word: "Open", tone: "warn" },
  approved: { word: "Approved", tone: "ok" },
  rejected: { word: "Rejected", tone: "quiet" },
  blocked: { word: "Blocked", tone: "quiet" },
  gone: { word: "Taken back", tone: "quiet" },
};
