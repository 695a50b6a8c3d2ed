import type { Shape, Tone } from "./words.ts";

/** Drawings of 16 by 16, stroked in the colour of the text around them. */
const PATHS = {
  ok: "M3.5 8.5l3 3 6-7",
  quiet: "M4 8h8",
  live: "M8 2.75a5.25 5.25 0 1 1-5.25 5.25",
  warn: "M8 2.5l6 11H2zM8 6.75v3M8 11.6v.4",
  bad: "M4.25 4.25l7.5 7.5M11.75 4.25l-7.5 7.5",
  low: "M3.5 6l4.5 4.5L12.5 6",
  high: "M3.5 8L8 3.5 12.5 8M3.5 12.75L8 8.25l4.5 4.5",
  critical: "M5.5 1.75h5l3.75 3.75v5l-3.75 3.75h-5L1.75 10.5v-5zM8 4.75v3.75M8 11v.25",
  open: "M8 3.25a4.75 4.75 0 1 1 0 9.5a4.75 4.75 0 1 1 0-9.5z",
  back: "M6 3L2.75 6.25 6 9.5M2.75 6.25H10a3.25 3.25 0 0 1 0 6.5H6",
  write: "M3 13l.7-2.9 7-7 2.2 2.2-7 7zM9.2 4.6l2.2 2.2",
  read: "M1.75 8S4 4 8 4s6.25 4 6.25 4S12 12 8 12 1.75 8 1.75 8zM8 9.6a1.6 1.6 0 1 0 0-3.2 1.6 1.6 0 0 0 0 3.2z",
  menu: "M2.5 4.5h11M2.5 8h11M2.5 11.5h11",
  theme: "M8 2.5a5.5 5.5 0 1 0 0 11zM8 2.5a5.5 5.5 0 0 1 0 11",
} satisfies Record<Tone | Shape | "write" | "read" | "menu" | "theme", string>;

/** A glyph that repeats what the text beside it says, so assistive technology passes over it. */
export function Icon({ name }: { name: keyof typeof PATHS }) {
  return (
    <svg class={["icon", `icon-${name}`]} viewBox="0 0 16 16" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
