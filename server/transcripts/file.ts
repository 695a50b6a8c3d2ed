import { describe, log } from "../log.ts";
import type { TranscriptLine } from "../runs/schema.ts";
import { readLines } from "./queries.ts";

/** What a run's process printed, line by line as NDJSON, read while it is sent. */
export function answerFile(run: string): Response {
  return new Response(
    pulled(readLines(run), ndjsonOf, "", () => {}),
    {
      headers: {
        "content-type": "application/x-ndjson; charset=utf-8",
        "content-disposition": `attachment; filename="run-${run}.ndjson"`,
        "cache-control": "no-store",
      },
    },
  );
}

function ndjsonOf(lines: TranscriptLine[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join("");
}

/** A stream that takes from a source only what its reader asks for. `end` is called once: when the source ends or fails, or the reader lets go of it. */
export function pulled<Item>(
  source: AsyncGenerator<Item>,
  toText: (item: Item) => string,
  start: string,
  end: () => void,
): ReadableStream<string> {
  let ended = false;
  const finish = () => {
    if (!ended) end();
    ended = true;
  };
  return new ReadableStream<string>({
    start(controller) {
      if (start !== "") controller.enqueue(start);
    },
    async pull(controller) {
      try {
        const { value, done } = await source.next();
        if (!done) return controller.enqueue(toText(value));
        finish();
        controller.close();
      } catch (error) {
        finish();
        log.error("stream.failed", describe(error));
        controller.error(error);
      }
    },
    async cancel() {
      finish();
      await source.return(undefined);
    },
  });
}
