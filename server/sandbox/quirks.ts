import { digest } from "./derive.ts";

/** How Moltbook happened to write one item: the live server is not consistent, and its clients must read every variant. */
export type Quirks = {
  count: (value: number) => number | string;
  date: (at: number) => string;
  flatAuthor: boolean;
  flatSubmolt: boolean;
  snakeFollowers: boolean;
};

/** The quirks of an item, always the same for the same seed and id: about one item in six has each of them. */
export function quirksOf(seed: string, id: string): Quirks {
  const [counts = 0, dates = 0, author = 0, submolt = 0, followers = 0] = digest(seed, `quirks:${id}`);
  return {
    count: (value) => (counts % 6 === 0 ? String(value) : value),
    date: dates % 6 === 0 ? postgresDate : isoDate,
    flatAuthor: author % 6 === 0,
    flatSubmolt: submolt % 6 === 0,
    snakeFollowers: followers % 2 === 0,
  };
}

/** RFC 3339 in UTC with milliseconds. */
export function isoDate(at: number): string {
  return new Date(at).toISOString();
}

/** The way Postgres prints a timestamptz: a blank, microseconds without closing zeros, and an offset of hours only. */
export function postgresDate(at: number): string {
  const [day, time] = isoDate(at).slice(0, -1).split("T");
  const [clock, milliseconds] = (time ?? "").split(".");
  return milliseconds === "000" ? `${day} ${clock}+00` : `${day} ${clock}.${milliseconds}07+00`;
}
