/** One look at one thing: how it is, what was seen, and what to do about it. Only `failed` keeps Moltbot from working. */
export type Finding = { check: string; state: "ok" | "warning" | "failed"; seen: string; cure: string | null };

export const fine = (check: string, seen: string): Finding => ({ check, state: "ok", seen, cure: null });
export const warn = (check: string, seen: string, cure: string): Finding => ({ check, state: "warning", seen, cure });
export const fail = (check: string, seen: string, cure: string): Finding => ({ check, state: "failed", seen, cure });
