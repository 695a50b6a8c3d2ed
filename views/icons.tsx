import type { Tone } from "./words.ts";

/** Drawings of 16 by 16, stroked in the colour of the text around them. */
const PATHS = {
  ok: "M3.5 8.5l3 3 6-7",
  quiet: "M4 8h8",
  live: "M8 2.75a5.25 5.25 0 1 1-5.25 5.25",
  warn: "M8 2.5l6 11H2zM8 6.75v3M8 11.6v.4",
  bad: "M4.25 4.25l7.5 7.5M11.75 4.25l-7.5 7.5",
  write: "M3 13l.7-2.9 7-7 2.2 2.2-7 7zM9.2 4.6l2.2 2.2",
  read: "M1.75 8S4 4 8 4s6.25 4 6.25 4S12 12 8 12 1.75 8 1.75 8zM8 9.6a1.6 1.6 0 1 0 0-3.2 1.6 1.6 0 0 0 0 3.2z",
  menu: "M2.5 4.5h11M2.5 8h11M2.5 11.5h11",
  theme: "M8 2.5a5.5 5.5 0 1 0 0 11zM8 2.5a5.5 5.5 0 0 1 0 11",
} satisfies Record<Tone | "write" | "read" | "menu" | "theme", string>;

/** A glyph that repeats what the text beside it says, so assistive technology passes over it. */
export function Icon({ name }: { name: keyof typeof PATHS }) {
  return (
    <svg class={["icon", `icon-${name}`]} viewBox="0 0 16 16" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
