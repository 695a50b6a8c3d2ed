/** How an answer goes wrong: the last two are given instead of one, before the request reaches the world; `captcha` only to writes. */
export const SPOILS = ["cut_body", "huge_body", "wrong_type", "captcha", "redirect"] as const;
export type Spoil = (typeof SPOILS)[number];

/** What goes wrong on purpose, besides what the API itself refuses. */
export type Faults = {
  latencyMs: number;
  slowBodyMs: number;
  failNext: number;
  failEvery: number;
  failStatus: number;
  dropNext: number;
  dropEvery: number;
  spoilNext: number;
  spoilAs: Spoil;
  served: number;
  landed: number;
};

/** Nothing goes wrong. */
export function noFaults(): Faults {
  const never = { failNext: 0, failEvery: 0, dropNext: 0, dropEvery: 0, spoilNext: 0 };
  return { ...never, latencyMs: 0, slowBodyMs: 0, failStatus: 500, spoilAs: "cut_body", served: 0, landed: 0 };
}

/** The answer that this request gets without reaching the world, if it is its turn to go wrong. */
export function failureOf(faults: Faults, method: string): Response | null {
  const status = nextFailure(faults);
  if (status !== null) return failurePage(status);
  const instead = { captcha, redirect }[faults.spoilAs as string];
  if (!instead || faults.spoilNext === 0 || (faults.spoilAs === "captcha" && method === "GET")) return null;
  faults.spoilNext -= 1;
  return instead();
}

function nextFailure(faults: Faults): number | null {
  faults.served += 1;
  if (faults.failNext > 0) {
    faults.failNext -= 1;
    return faults.failStatus;
  }
  return faults.failEvery > 0 && faults.served % faults.failEvery === 0 ? faults.failStatus : null;
}

/** A failure as a server or, from 502 on, the gateway in front of it would give it: the gateway sends a page, not JSON. */
function failurePage(status: number): Response {
  if (status < 502) {
    const error = status < 500 ? "Request refused" : "Internal server error";
    return Response.json({ success: false, error, hint: "Try again later" }, { status });
  }
  return new Response(
    `<html><head><title>${status}</title></head><body><h1>${status}</h1><p>The server is not reachable.</p></body></html>`,
    { status, headers: { "content-type": "text/html; charset=utf-8" } },
  );
}

function captcha(): Response {
  return Response.json({ error: "captcha_required", token: "captcha_sandbox" }, { status: 403 });
}

/** To a host that cannot exist (RFC 2606), so that a client that follows it gets nowhere. */
function redirect(): Response {
  return new Response(null, { status: 308, headers: { location: "http://moltbook.invalid/api/v1/" } });
}

/** Whether the answer to this request is lost: only those of writes that have landed are. */
export function isDropped(faults: Faults, landed: boolean): boolean {
  if (!landed) return false;
  faults.landed += 1;
  if (faults.dropNext > 0) {
    faults.dropNext -= 1;
    return true;
  }
  return faults.dropEvery > 0 && faults.landed % faults.dropEvery === 0;
}
