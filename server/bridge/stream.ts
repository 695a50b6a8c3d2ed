import { linesOf } from "./lines.ts";

/** How far a stream of events has been read, and how long (ms) its server wants a reader to wait before asking for the rest. */
export type Cursor = { lastEventId: string | null; retryMs: number };

/** The start of a stream. */
export function startOf(): Cursor {
  return { lastEventId: null, retryMs: 1_000 };
}

/**
 * The texts of the messages in an answer: one in JSON, any number in an event stream, which moves the cursor, none in anything else.
 * Throws when one is above the limit.
 */
export async function* textsOf(response: Response, cursor: Cursor): AsyncGenerator<string> {
  if (!response.body) return;
  const type = typeOf(response);
  if (type === "text/event-stream") yield* eventsOf(response.body, cursor);
  else if (type === "application/json") yield await wholeOf(response.body);
  else await response.body.cancel();
}

export function typeOf(response: Response): string | undefined {
  return response.headers.get("content-type")?.split(";", 1)[0]?.trim().toLowerCase();
}

/** The data of each complete event (HTML Standard, 9.2.6). An event that the end of the stream cuts off is none, and one may have only an id. */
async function* eventsOf(body: ReadableStream<Uint8Array>, cursor: Cursor): AsyncGenerator<string> {
  let data: string[] = [];
  let id: string | null = null;
  for await (const line of linesOf(body)) {
    if (line === null) throw new Error("event too long");
    if (line === "") {
      cursor.lastEventId = id ?? cursor.lastEventId;
      const text = data.join("\n");
      data = [];
      if (text !== "") yield text;
      continue;
    }
    const [, field, value = ""] = /^(data|id|retry):? ?(.*)$/s.exec(line) ?? [];
    if (field === "data") data.push(value);
    if (field === "id" && isHeaderValue(value)) id = value;
    if (field === "retry" && /^\d{1,9}$/.test(value)) cursor.retryMs = Number(value);
  }
}

/** An id comes back in a header, where neither NUL nor anything beyond Latin-1 can stand. */
function isHeaderValue(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text);
}

async function wholeOf(body: ReadableStream<Uint8Array>): Promise<string> {
  const lines: string[] = [];
  for await (const line of linesOf(body)) {
    if (line === null) throw new Error("answer too long");
    lines.push(line);
  }
  return lines.join("\n");
}
