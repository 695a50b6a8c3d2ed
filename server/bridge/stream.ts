import { linesOf } from "./lines.ts";

/** The texts of the messages in an answer: one in JSON, any number in an event stream, none in anything else. Throws when one is above the limit. */
export async function* textsOf(response: Response): AsyncGenerator<string> {
  const type = response.headers.get("content-type")?.split(";", 1)[0]?.trim().toLowerCase();
  if (!response.body) return;
  if (type === "text/event-stream") yield* eventsOf(response.body);
  else if (type === "application/json") yield await wholeOf(response.body);
  else await response.body.cancel();
}

/** The data of each complete event (HTML Standard, 9.2.6). An event that the end of the stream cuts off is none. */
async function* eventsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  let data: string[] = [];
  for await (const line of linesOf(body)) {
    if (line === null) throw new Error("event too long");
    if (line === "" && data.length > 0) {
      yield data.join("\n");
      data = [];
    } else if (line.startsWith("data:")) {
      data.push(line.slice(line[5] === " " ? 6 : 5));
    }
  }
}

async function wholeOf(body: ReadableStream<Uint8Array>): Promise<string> {
  const lines: string[] = [];
  for await (const line of linesOf(body)) {
    if (line === null) throw new Error("answer too long");
    lines.push(line);
  }
  return lines.join("\n");
}
