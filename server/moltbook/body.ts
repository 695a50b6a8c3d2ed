/** The most that one answer may weigh, in bytes after decompression. */
export const MAX_BYTES = 10 * 1024 * 1024;

/** Deeper nesting than any thread of comments needs; it bounds the recursion of everything that walks a body. */
const MAX_DEPTH = 400;

/** Far more values than the filter passes on; it bounds the time that everything takes that walks a body. */
const MAX_VALUES = 500_000;

const JSON_TYPE = /^application\/(?:[\w.+-]{1,60}\+)?json(?:\s*;|\s*$)/i;

/** A body as read: `json` is undefined when `fault` says why it could not be used, and null when there was none (as after a delete). */
export type Body = { bytes: number; json: unknown; issuedKey: string | null; fault: "too_large" | "not_json" | null };

/**
 * Reads an answer's JSON, at most MAX_BYTES of it. Keys never travel on with the rest: `ownKey` is blotted out wherever it is echoed, and
 * a key that the answer issues (registration) is lifted into `issuedKey`, out of reach of the filter and of its records.
 * Throws what the stream throws when the connection breaks or the time is up.
 */
export async function readBody(response: Response, ownKey: string | null): Promise<Body> {
  const type = response.headers.get("content-type") ?? "";
  const isJson = JSON_TYPE.test(type);
  const read = await readText(response);
  const body: Body = { bytes: read.bytes, json: undefined, issuedKey: null, fault: null };
  if (read.text === null) return { ...body, fault: "too_large" };
  if (read.text.trim() === "") return { ...body, json: null };
  if (!isJson) return { ...body, fault: "not_json" };
  return { ...body, ...parse(ownKey ? read.text.replaceAll(ownKey, "[own key removed]") : read.text) };
}

async function readText(response: Response): Promise<{ text: string | null; bytes: number }> {
  if (!response.body) return { text: "", bytes: 0 };
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const chunk of response.body) {
    bytes += chunk.byteLength;
    // Leaving the loop cancels the stream, and with it the rest of the download.
    if (bytes > MAX_BYTES) return { text: null, bytes };
    text += decoder.decode(chunk, { stream: true });
  }
  return { text: text + decoder.decode(), bytes };
}

/** How far into a body we are: how many values it may still have, the key that it issues, and why it cannot be used. */
type Walk = { left: number; issuedKey: string | null; fault: Body["fault"] };

function parse(text: string): Partial<Body> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { fault: "not_json" };
  }
  const walk: Walk = { left: MAX_VALUES, issuedKey: null, fault: null };
  clean(json, MAX_DEPTH, walk);
  return walk.fault ? { fault: walk.fault } : { json, issuedKey: walk.issuedKey };
}

/** Takes keys and forged marks out of a value, in place, and stops where it is deeper or larger than it may be. */
function clean(value: unknown, levels: number, walk: Walk): void {
  if (value === null || typeof value !== "object") return;
  walk.left -= Array.isArray(value) ? value.length : Object.keys(value).length;
  if (levels === 0) walk.fault = "not_json";
  else if (walk.left < 0) walk.fault = "too_large";
  for (const [name, inner] of walk.fault ? [] : Object.entries(value)) {
    // The filter's own mark is never taken from upstream: a forged one would pass for the filter's word.
    if (name === "moltbot_filter" || name === "api_key" || name === "apiKey") {
      if (name !== "moltbot_filter" && typeof inner === "string") walk.issuedKey = inner;
      delete (value as Record<string, unknown>)[name];
    } else clean(inner, levels - 1, walk);
  }
}
