import * as z from "zod";

type Json = { [key: string]: unknown };
type Side = "input" | "output";

/** What an answer or any item of it may carry besides, in whichever tool: the server's instructions tell of them once for all. */
const REMARKS = new Set(["notice", "you", "already_done"]);

/**
 * The JSON Schema (2020-12, MCP's default) of what a tool takes or answers, without what helps nobody who reads it: the dialect, patterns
 * (the server checks them, and says in words what is wrong), the type of what is one of given words, the bounds of safe integers, and in answers
 * the remarks, which members are always there, and that there are no others. "This or null" is one list of types.
 */
export function schemaOf(schema: z.ZodObject, side: Side): { type: "object" } {
  const { $schema: _, ...full } = z.toJSONSchema(schema, { io: side });
  return lean(full, side) as { type: "object" };
}

function lean(schema: Json, side: Side): Json {
  const kept = Object.entries(schema).filter(([key, value]) => !isIdle(key, value, schema, side));
  const inner = Object.fromEntries(
    kept.map(([key, value]) => [key, key === "properties" ? mapped(value as Json, side) : within(value, side)]),
  );
  const [one, none, ...others] = Array.isArray(inner.anyOf) ? (inner.anyOf as Json[]) : [];
  if (typeof one?.type !== "string" || none?.type !== "null" || others.length > 0) return inner;
  const { anyOf: _, ...beside } = inner;
  return { ...one, ...beside, type: [one.type, "null"] };
}

function isIdle(key: string, value: unknown, { enum: words }: Json, side: Side): boolean {
  if (key === "additionalProperties" || (key === "required" && Array.isArray(value))) return side === "output";
  if (key === "type") return words !== undefined;
  return key === "pattern" || ((key === "minimum" || key === "maximum") && Math.abs(Number(value)) === Number.MAX_SAFE_INTEGER);
}

function mapped(properties: Json, side: Side): Json {
  const told = Object.entries(properties).filter(([name]) => side === "input" || !REMARKS.has(name));
  return Object.fromEntries(told.map(([name, schema]) => [name, within(schema, side)]));
}

function within(value: unknown, side: Side): unknown {
  if (Array.isArray(value)) return value.map((entry: unknown) => within(entry, side));
  return typeof value === "object" && value !== null ? lean(value as Json, side) : value;
}
