import { AppError } from "../errors.ts";
import type { RawRecord } from "./queries.ts";

/** A record as the chain holds it together. `text` is what its hash is of: the canonical JSON (RFC 8785) of everything but the hash. */
export type Link = { seq: number; prev_hash: string; hash: string; text: string };

/**
 * The link of a record of the database. The body is canonical already and taken as it stands, since a parser would read several texts as the
 * same.
 */
export function linkOf(record: RawRecord): Link {
  const prev_hash = record.prev_hash.toString("hex");
  return { seq: Number(record.seq), prev_hash, hash: record.hash.toString("hex"), text: halvesOf(record).join("") };
}

/** A record as a line of an export: the canonical JSON of the whole of it, its hash among the other keys. */
export function lineOf(record: RawRecord): string {
  return `${halvesOf(record).join(`"hash":"${record.hash.toString("hex")}",`)}\n`;
}

/** A record's canonical JSON, apart where its hash would stand. */
function halvesOf({ agent_id, at, body, kind, prev_hash, seq }: RawRecord): [string, string] {
  const text = JSON.stringify;
  return [
    `{"agent_id":${text(agent_id)},"at":${text(at)},"body":${body},`,
    `"kind":${text(kind)},"prev_hash":"${prev_hash.toString("hex")}","seq":${seq}}`,
  ];
}

const LINE =
  /^(\{"agent_id":(?:null|"[0-9a-f-]{36}"),"at":"[0-9TZ:.-]+","body":\{.*\},)"hash":"([0-9a-f]{64})",("kind":"[a-z_.]+","prev_hash":"([0-9a-f]{64})","seq":(\d+)\})$/s;
const LONGEST = 1024 * 1024;

/** The links of an export, from its bytes. Throws AppError `invalid` at a line that is none. */
export async function* linksOfExport(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Link[]> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let rest = "";
  let read = 0;
  for await (const chunk of bytes) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    if (rest.length > LONGEST) throw notALine(read + lines.length + 1);
    yield lines.map((line, n) => linkOfLine(line, read + n + 1));
    read += lines.length;
  }
  if (rest) yield [linkOfLine(rest, read + 1)];
}

function linkOfLine(line: string, number: number): Link {
  const link = linkIn(line);
  if (!link) throw notALine(number);
  return link;
}

/** The link that a line of an export stands for; undefined for any other text. */
export function linkIn(line: string): Link | undefined {
  const [, before, hash, after, prevHash, seq] = LINE.exec(line) ?? [];
  if (!before || !hash || !after || !prevHash) return undefined;
  return { seq: Number(seq), prev_hash: prevHash, hash, text: before + after };
}

function notALine(number: number): AppError {
  return new AppError(
    "invalid",
    `Line ${number} is no line of an export of the audit chain. Download the file again from /api/audit/export`,
  );
}
