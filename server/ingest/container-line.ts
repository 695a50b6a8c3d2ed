import { stripVTControlCharacters } from "node:util";

import { canonical } from "../audit/canonical.ts";
import { UNAUTHORIZED } from "./audit-line.ts";
import { cut, fingerprintOf, identityOf, timeOf } from "./identity.ts";
import { requestOf } from "./requests.ts";
import type { Line } from "./schema.ts";

/** The container's own time at the beginning of a line (`docker logs --timestamps`), or that of a Python logger. */
const TIME = /^(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:\d\d)?)\s/;
/** Nothing that a stranger could have chosen, such as a path, stands before it. */
const REQUEST = /^[^"/]{0,120}HTTP Request: ([A-Z]{3,7}) (\S{1,2000}) "HTTP\/[\d.]{1,3} (\d{3})\b/;
/** A stranger chose the path, so what looks like a source or a request in it is none: the source is at the end. */
const REFUSED = /Unauthorized request to (.{1,2000}) from ([\da-fA-F.:]{2,45})$/;

/**
 * What a line of the old server's container log is: a request to Moltbook, which method and path make the call of a tool; a refused caller, which is an
 * event; or unknown. Colours are taken out. A line without a time is unknown, because it could not be told from its repetition.
 */
export function readContainerLine(raw: string): Line {
  const line = stripVTControlCharacters(raw).trim();
  const time = TIME.exec(line)?.[1];
  const at = timeOf(time);
  const known = at === null ? null : (refusalIn(line, at) ?? callIn(line, at));
  // What is unknown comes again and again: it is known by its words, without the moment.
  return known ?? { kind: "unknown", fingerprint: fingerprintOf(time ? line.slice(time.length) : line), text: line, at };
}

function refusalIn(line: string, at: number): Line | null {
  const [, path, source] = REFUSED.exec(line) ?? [];
  if (!path || !source) return null;
  const event = {
    ...identityOf(at, line),
    kind: UNAUTHORIZED,
    detail: JSON.stringify({ target_path: cut(path, 500) }),
    risk_score: null,
    author: null,
    source_ip: cut(source, 100),
    post_id: null,
  };
  return { kind: "event", event };
}

function callIn(line: string, at: number): Line | null {
  const [, method = "", address = "", status] = REQUEST.exec(line) ?? [];
  const request = requestOf(method, address);
  if (!request) return null;
  const call = {
    ...identityOf(at, line),
    tool: request.tool,
    is_write: method !== "GET",
    arguments: canonical(request.arguments),
    method,
    path: request.path,
    status: Number(status),
  };
  return { kind: "call", call };
}
