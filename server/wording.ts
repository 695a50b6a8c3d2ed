import type * as z from "zod";

/**
 * What is wrong with a value, in words that say what would be right; undefined where zod's own words do. A schema's own message goes before both.
 * Of a choice between shapes it speaks of the one that fits best.
 */
export function wordIssue(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case "invalid_type":
      if (issue.input === undefined) return "is missing";
      return Number.isNaN(issue.input) ? "must be a number" : undefined;
    case "invalid_value":
      return `must be one of ${issue.values.map(String).join(", ")}`;
    case "invalid_format":
      return FORMATS[issue.format];
    case "unrecognized_keys":
      return `not known here: ${issue.keys.join(", ")}`;
    case "invalid_union":
      return wordChoice(issue.errors);
    default:
      return undefined;
  }
}

const FORMATS: Record<string, string> = {
  uuid: "must be an id, which is a UUID",
  date: "must be a day such as 2026-02-08",
  datetime: "must be a moment such as 2026-02-08T10:00:00Z",
};

function wordChoice(shapes: z.core.$ZodIssue[][]): string | undefined {
  const fewest = Math.min(...shapes.map((faults) => faults.length));
  const closest = shapes.filter((faults) => faults.length === fewest).map((faults) => faults.map(wordFault).join("; "));
  return fewest === Infinity || fewest === 0 ? undefined : [...new Set(closest)].join(", or ");
}

function wordFault({ path, message }: z.core.$ZodIssue): string {
  return path.length === 0 ? message : `${path.join(".")}: ${message}`;
}
