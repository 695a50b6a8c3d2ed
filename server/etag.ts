import { Elysia } from "elysia";

/** The moment of counting alone is no news. A key in JSON: inside a text its quotes would be escaped. */
const MOMENT = /"fresh_at":"[^"]*"/g;

/**
 * Gives what the API answers as JSON a weak validator (RFC 9110, 8.8), made of the answer itself: who has it already gets 304 and no body. The
 * answer is still worked out; what is saved is its way to the caller.
 */
export const etag = new Elysia({ name: "etag" }).mapResponse({ as: "global" }, ({ request, path, responseValue, set }) => {
  const isAnswer =
    request.method === "GET" && path.startsWith("/api/") && !(responseValue instanceof Response) && (set.status ?? 200) === 200;
  return isAnswer ? validated(request, JSON.stringify(responseValue), set.headers as Record<string, string>) : undefined;
});

function validated(request: Request, text: string, others: Record<string, string>): Response {
  const digest = new Bun.CryptoHasher("sha256").update(text.replaceAll(MOMENT, "")).digest("base64url");
  const validator = `W/"${digest.slice(0, 22)}"`;
  const headers = { ...others, etag: validator, "cache-control": "private, no-cache" };
  if (isKnown(request.headers.get("if-none-match"), validator)) return new Response(null, { status: 304, headers });
  return new Response(text, { headers: { ...headers, "content-type": "application/json" } });
}

/** Whether If-None-Match names it, by the weak comparison. */
function isKnown(known: string | null, validator: string): boolean {
  if (known === null) return false;
  return known.split(",").some((tag) => tag.trim() === "*" || tag.trim().replace(/^W\//, "") === validator.slice(2));
}
