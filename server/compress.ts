import { brotliCompressSync, constants } from "node:zlib";

import { Elysia } from "elysia";

/** Below this many bytes compression saves no packet. */
const WORTH_IT = 1024;

/**
 * Compresses pages with gzip where the browser takes it: whole HTML answers to GET, never a stream. A page's length can tell somebody who
 * watches the wire what stands in it, if they can also put text of their own there and ask again and again (BREACH). What is secret is shown
 * once, in the answer to a POST, and such an answer is left as it is; another site's page gets no answer that carries the session at all.
 */
export const compress = new Elysia({ name: "compress" }).mapResponse({ as: "global" }, ({ responseValue, request }) =>
  responseValue instanceof Response && isPage(responseValue) && request.method === "GET" && takes(request, "gzip")
    ? packed(responseValue)
    : undefined,
);

function isPage(answer: Response): boolean {
  return answer.headers.get("content-type")?.startsWith("text/html") ?? false;
}

async function packed(answer: Response): Promise<Response> {
  const { status, headers } = answer;
  const plain = new Uint8Array(await answer.arrayBuffer());
  headers.append("vary", "accept-encoding");
  if (plain.length < WORTH_IT) return new Response(plain, { status, headers });
  headers.set("content-encoding", "gzip");
  return new Response(Bun.gzipSync(plain), { status, headers });
}

/** The best coding for a file that a client takes; null for none. */
export function codingFor(request: Request): "br" | "gzip" | null {
  return takes(request, "br") ? "br" : takes(request, "gzip") ? "gzip" : null;
}

/** A file that does not change, squeezed as far as it goes. */
export function squeeze(plain: Uint8Array<ArrayBuffer>, request: Request): { body: Uint8Array<ArrayBuffer>; coding: "br" | "gzip" | null } {
  const coding = plain.length < WORTH_IT ? null : codingFor(request);
  if (coding === null) return { body: plain, coding };
  if (coding === "gzip") return { body: Bun.gzipSync(plain, { level: 9 }), coding };
  return { body: new Uint8Array(brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } })), coding };
}

/** Whether a client names a coding in Accept-Encoding (RFC 9110, 12.5.3) and does not refuse it with a weight of 0. */
function takes(request: Request, coding: string): boolean {
  const offers = request.headers.get("accept-encoding")?.toLowerCase().split(",") ?? [];
  return offers.some((offer) => {
    const [name, weight] = offer.split(";").map((part) => part.trim());
    return name === coding && !/^q=0(?:\.0*)?$/.test(weight ?? "");
  });
}
