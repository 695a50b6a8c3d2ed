/**
 * Markup as a `text/html` response that no cache keeps. Views are synchronous, so their markup is a string already. Pages and
 * fragments share an address, hence `Vary`.
 */
export function html(
  markup: JSX.Element,
  { status = 200, headers = {} }: { status?: number; headers?: Record<string, string> } = {},
): Response {
  return new Response(markup as string, {
    status,
    headers: { "content-type": "text/html; charset=utf-8", "cache-control": "no-store", vary: "HX-Request-Type", ...headers },
  });
}

/** Whether htmx asks for a part of the page to replace itself, instead of a browser for the whole page (htmx 4, HX-Request-Type). */
export function isFragment(request: Request): boolean {
  return request.headers.get("hx-request-type") === "partial";
}
