import { version } from "../../package.json";
import { lineOf } from "../audit/export.ts";
import type { RawRecord } from "../audit/queries.ts";
import { listClaims } from "../claims/queries.ts";
import { AppError } from "../errors.ts";
import { FILTER_VERSION } from "../filter/verdict.ts";
import { findRun } from "../runs/queries.ts";
import type { Run } from "../runs/schema.ts";
import { pulled } from "../transcripts/file.ts";
import type { Extent } from "./queries.ts";
import { getExtent, streamActions, streamCalls, streamEvents, streamExposures, streamRecords } from "./queries.ts";
import type { Counts, Dropped, Header, LineKind, Trailer } from "./schema.ts";

const PROVES_NOT =
  "This file does not prove that the record is complete or was never rewritten: whoever owns the database can rewrite all that was not anchored " +
  "elsewhere, the absence of a line proves nothing, and since the audit records of one run do not follow each other, links between them can be " +
  "checked only where they do.";

/**
 * All that is on record of a run as NDJSON, read while it is sent: a header, the run, its prompt, calls, exposures, actions, claims, events, the
 * records of the audit chain about it, and a trailer that seals the lines before. A line is an object with one key, its kind. `withTexts`: with the
 * texts that the filter judged, and what calls answered. Throws AppError `not_found`, or `conflict` for a heartbeat that goes on.
 */
export async function answerEvidence(id: string, withTexts: boolean): Promise<Response> {
  const run = await findRun(id);
  if (!run) throw new AppError("not_found", "There is no run with this id.");
  if (run.kind === "heartbeat" && run.finished_at === null)
    throw new AppError("conflict", "The run goes on, so its record is not complete. Export its evidence when it has ended.");
  const extent = await getExtent(run);
  return new Response(
    pulled(
      sealed(linesOf(run, extent, withTexts), extent),
      (text) => text,
      "",
      () => {},
    ),
    {
      headers: {
        "content-type": "application/x-ndjson; charset=utf-8",
        "content-disposition": `attachment; filename="evidence-${run.id}.ndjson"`,
        "cache-control": "no-store",
      },
    },
  );
}

/** Lines, and as what the trailer counts them. */
type Batch = { lines: string[]; counted?: keyof Counts };

/** The lines as they are, and after them the trailer. */
async function* sealed(batches: AsyncGenerator<Batch>, { head }: Extent): AsyncGenerator<string> {
  const hash = new Bun.CryptoHasher("sha256");
  const counts: Counts = { calls: 0, exposures: 0, actions: 0, claims: 0, events: 0 };
  let total = 0;
  for await (const { lines, counted } of batches) {
    const text = lines.map((one) => `${one}\n`).join("");
    hash.update(text);
    total += lines.length;
    if (counted) counts[counted] += lines.length;
    yield text;
  }
  yield `${line("trailer", { lines: total, counts, sha256: hash.digest("hex"), head } satisfies Trailer)}\n`;
}

async function* linesOf(run: Run, extent: Extent, withTexts: boolean): AsyncGenerator<Batch> {
  const { prompt } = extent;
  const named = new Set([run.id, ...(prompt ? [prompt.id] : [])]);
  yield { lines: [line("header", headerOf(extent, withTexts)), line("run", run), ...(prompt ? [line("prompt", prompt)] : [])] };
  for await (const calls of streamCalls(extent, withTexts))
    yield { lines: calls.map((call) => line("call", noted(call, named))), counted: "calls" };
  for await (const exposures of streamExposures(extent, withTexts))
    yield { lines: exposures.map((exposure) => line("exposure", exposure)), counted: "exposures" };
  for await (const actions of streamActions(extent)) yield { lines: actions.map((action) => line("action", action)), counted: "actions" };
  const claims = await listClaims(run.id);
  yield { lines: claims.filter(({ id }) => id < extent.until).map((claim) => line("claim", claim)), counted: "claims" };
  for await (const events of streamEvents(extent))
    yield { lines: events.map((event) => line("event", noted(event, named))), counted: "events" };
  for await (const records of streamRecords(extent)) {
    const own = records.filter((record) => isAbout(record, named, extent));
    yield { lines: own.map((record) => `{"audit":${lineOf(record).trimEnd()}}`) };
  }
}

function headerOf({ run_id, dropped: partitions }: Extent, texts: boolean): Header {
  const made_at = new Date().toISOString();
  const versions = { app_version: version, filter_version: FILTER_VERSION };
  const dropped = [...new Set(partitions.map((partition) => partition.replace(/_\d+$/, "") as Dropped))];
  return { format: "moltbot-evidence", version: 1, run_id, made_at, ...versions, texts, dropped, proves_not: PROVES_NOT };
}

function line(kind: LineKind, content: object): string {
  return JSON.stringify({ [kind]: content });
}

function noted<Row extends { id: string }>(row: Row, named: Set<string>): Row {
  named.add(row.id);
  return row;
}

/** In canonical JSON a name with its quotes can be nothing but a name. */
const NAMES = /"(?:run_id|call_id|event_id|version_id)":"([0-9a-f-]{36})"/g;

/**
 * Whether a record tells what was dropped, or names the run or what is known to be of it. A call that is on record here and nowhere else is known from now on, so that its end is
 * told of as well.
 */
function isAbout({ kind, body }: RawRecord, named: Set<string>, { run_id: run, until }: Extent): boolean {
  if (kind === "retention.dropped") return true;
  const ids = Array.from(body.matchAll(NAMES), ([, id = ""]) => id);
  if (!ids.some((id) => named.has(id))) return false;
  if (kind !== "call.opened") return true;
  // Another call of the run may have begun since.
  if (!ids.includes(run) || ids.some((id) => id !== run && id >= until)) return false;
  for (const id of ids) named.add(id);
  return true;
}
