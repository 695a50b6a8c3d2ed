import type { Exposure } from "../filter/schema.ts";
import { textsOf } from "../redact.ts";

/** A judged text, and whether it was handed to the agent. */
export type Delivery = Exposure & { delivered: boolean };

/**
 * What is kept of the texts that the filter judged in an answer of which the agent gets `data`: every text that `data` holds, whole or cut
 * short ("…"), and every text that was found suspicious. A harmless text that `data` leaves out, like the rest of a withheld item, was neither
 * read nor kept from the agent by a verdict.
 */
export function deliveriesOf(exposures: Exposure[], data: unknown): Delivery[] {
  const told = new Set(textsOf(data));
  const cuts = [...told].filter((text) => text.endsWith("…")).map((text) => text.slice(0, -1));
  const reaches = ({ kind, text, field, verdict }: Exposure): boolean => {
    if (verdict.band === "withhold") return false;
    if (kind === "challenge" || told.has(text) || cuts.some((cut) => text.startsWith(cut))) return true;
    const start = verdict.band === "redact" ? text.slice(0, verdict.spans[0]?.start) + REMOVED : null;
    if (start !== null) return [...told].some((one) => one.startsWith(start)) || cuts.some((cut) => start.startsWith(cut));
    // A title and a body that were judged as one text.
    return field.includes(" + ") && [...told].some((title) => title !== "" && text.startsWith(`${title} `));
  };
  return exposures
    .map((exposure) => ({ ...exposure, delivered: reaches(exposure) }))
    .filter(({ delivered, verdict }) => delivered || verdict.flag);
}

/** How the text that stands for a removed one begins. */
const REMOVED = "[removed: ";
