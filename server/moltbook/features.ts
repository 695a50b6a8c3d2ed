/** Functions of Moltbook that come and go: its live API answers 404 while one is away. */
export const FEATURES = ["home", "notifications", "messages", "search", "labels", "moderation", "verify", "owner_email"] as const;
export type Feature = (typeof FEATURES)[number];
