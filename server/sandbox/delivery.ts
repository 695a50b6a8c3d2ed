import type { Answer } from "./answer.ts";
import type { Faults } from "./faults.ts";

const MEGABYTE = 1_048_576;
const HUGE = 11;
const PIECES = 16;

/** The answer as it goes out: whole, or spoiled or slow if the faults say so. */
export function deliver(faults: Faults, answer: Answer): Response {
  const { status, headers = {} } = answer;
  const text = JSON.stringify(answer.body);
  if (text === undefined) return new Response(null, { status, headers });
  const init = { status, headers: { "content-type": "application/json;charset=utf-8", ...headers } };
  if (faults.spoilNext > 0) {
    faults.spoilNext -= 1;
    if (faults.spoilAs === "cut_body") return new Response(cutOff(text), init);
    if (faults.spoilAs === "huge_body") return new Response(hugeBody(), init);
    if (faults.spoilAs === "wrong_type") return new Response(text, { status, headers: { ...headers, "content-type": "text/html" } });
    // Neither captcha nor redirect spoils an answer that was given.
    faults.spoilNext += 1;
  }
  return new Response(faults.slowBodyMs > 0 ? trickle(text, faults.slowBodyMs) : text, init);
}

/** An answer that never comes: a body that fails before its first byte makes Bun close the connection without a status line. */
export function lostAnswer(): Response {
  return new Response(new ReadableStream({ start: (controller) => controller.error() }));
}

/** Half of the text, and then the connection is gone. */
function cutOff(text: string): ReadableStream<Uint8Array> {
  let sent = false;
  return new ReadableStream({
    async pull(controller) {
      if (sent) {
        controller.error();
        return;
      }
      sent = true;
      controller.enqueue(new TextEncoder().encode(text.slice(0, Math.ceil(text.length / 2))));
      // Otherwise Bun has not sent the first half yet when the stream fails.
      await Bun.sleep(5);
    },
  });
}

/** Valid JSON of eleven megabytes. */
async function* hugeBody(): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder();
  yield bytes.encode('{"success":true,"padding":"');
  const piece = bytes.encode("x".repeat(MEGABYTE));
  for (let sent = 0; sent < HUGE; sent++) yield piece;
  yield bytes.encode('"}');
}

/** The text in sixteen pieces, each so many milliseconds after the one before. */
async function* trickle(text: string, everyMs: number): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  const size = Math.max(1, Math.ceil(bytes.length / PIECES));
  for (let start = 0; start < bytes.length; start += size) {
    await Bun.sleep(everyMs);
    yield bytes.subarray(start, start + size);
  }
}
