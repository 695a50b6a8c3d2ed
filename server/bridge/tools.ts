import type { Link, Mirrored, Tool } from "./link.ts";
import { log } from "./log.ts";
import type { Message } from "./message.ts";
import { compose, isRecord } from "./message.ts";

const ANNOTATION = "x-mcp-header";
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const MIRRORED_TYPES: unknown[] = ["string", "integer", "boolean"];
/** What these hold is data, not schemas. */
const DATA = new Set(["const", "enum", "default", "examples", "properties"]);

/** Notes the tools of an answer to tools/list, and answers it without those that the client must not see. */
export function takeTools(link: Link, request: Message, answer: Message): Message {
  const { result } = answer.body;
  if (!isRecord(result) || !Array.isArray(result.tools)) return answer;
  if (request.params.cursor === undefined) link.tools.clear();
  const tools = result.tools.filter((tool: unknown) => !isRecord(tool) || take(link, tool));
  return tools.length === result.tools.length ? answer : compose({ id: answer.id, result: { ...result, tools } });
}

function take(link: Link, { name, annotations, inputSchema }: Record<string, unknown>): boolean {
  if (typeof name !== "string") return true;
  if (isIgnored(link, name)) return false;
  const mirrored = mirroredIn(inputSchema);
  if (!mirrored) {
    log("warn", "bridge.tool_dropped", { tool: name.slice(0, 64), reason: `invalid ${ANNOTATION}` });
    return false;
  }
  const { readOnlyHint, idempotentHint } = isRecord(annotations) ? annotations : {};
  const reads = readOnlyHint === true;
  link.tools.set(name, { reads, isRepeatable: reads || idempotentHint === true, mirrored });
  return true;
}

/** Whether the operator took this tool away with `--ignore-tool`. */
export function isIgnored(link: Link, name: unknown): boolean {
  return typeof name === "string" && link.ignored.some((pattern) => pattern.test(name));
}

/** What the last tools/list said of the tool that a message calls; undefined for other messages and unknown tools. */
export function knownTool(link: Link, { method, params }: Message): Tool | undefined {
  return method === "tools/call" ? link.tools.get(String(params.name)) : undefined;
}

/** The arguments of a call that its tool wants to see in headers, too (MCP 2026-07-28, Streamable HTTP, `x-mcp-header`). */
export function paramHeaders(link: Link, message: Message): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const { header, path } of knownTool(link, message)?.mirrored ?? []) {
    let value: unknown = message.params.arguments;
    for (const key of path) value = isRecord(value) ? value[key] : undefined;
    if (typeof value === "string" || typeof value === "boolean" || Number.isSafeInteger(value))
      headers[`Mcp-Param-${header}`] = String(value);
  }
  return headers;
}

/**
 * The annotated arguments of an input schema, or null when one is invalid: the name must be a token and unique in any case, the type
 * primitive, and the way to it lead through `properties` only.
 */
function mirroredIn(schema: unknown): Mirrored[] | null {
  const found = annotationsIn(schema, []);
  const names = new Set(found.map(({ header }) => String(header).toLowerCase()));
  if (names.size < found.length) return null;
  const mirrored = found.flatMap(({ header, type, path }) =>
    typeof header === "string" && TOKEN.test(header) && MIRRORED_TYPES.includes(type) && path?.length ? [{ header, path }] : [],
  );
  return mirrored.length === found.length ? mirrored : null;
}

type Annotation = { header: unknown; type: unknown; path: string[] | null };

/** Every annotation in a schema; `path` is null for where none may be. */
function annotationsIn(schema: unknown, path: string[] | null): Annotation[] {
  if (Array.isArray(schema)) return schema.flatMap((one) => annotationsIn(one, null));
  if (!isRecord(schema)) return [];
  const own = ANNOTATION in schema ? [{ header: schema[ANNOTATION], type: schema.type, path }] : [];
  const properties = isRecord(schema.properties) ? Object.entries(schema.properties) : [];
  const elsewhere = Object.entries(schema).filter(([keyword]) => !DATA.has(keyword));
  return [
    ...own,
    ...properties.flatMap(([key, one]) => annotationsIn(one, path && [...path, key])),
    ...elsewhere.flatMap(([, one]) => annotationsIn(one, null)),
  ];
}
