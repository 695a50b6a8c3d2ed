/** What goes wrong on purpose, besides what the API itself refuses. */
export type Faults = {
  latencyMs: number;
  failNext: number;
  failEvery: number;
  failStatus: number;
  dropNext: number;
  served: number;
};

/** Nothing goes wrong. */
export function noFaults(): Faults {
  return { latencyMs: 0, failNext: 0, failEvery: 0, failStatus: 500, dropNext: 0, served: 0 };
}

/** The 5xx status that this request fails with before it reaches the world, or null. */
export function nextFailure(faults: Faults): number | null {
  faults.served += 1;
  if (faults.failNext > 0) {
    faults.failNext -= 1;
    return faults.failStatus;
  }
  return faults.failEvery > 0 && faults.served % faults.failEvery === 0 ? faults.failStatus : null;
}

/** Whether the answer to this request is lost: only those of writes that have landed are. */
export function isDropped(faults: Faults, landed: boolean): boolean {
  if (!landed || faults.dropNext === 0) return false;
  faults.dropNext -= 1;
  return true;
}

/** A failure as a server or, from 502 on, the gateway in front of it would give it: the gateway sends a page, not JSON. */
export function failurePage(status: number): Response {
  if (status < 502) return Response.json({ success: false, error: "Internal server error", hint: "Try again later" }, { status });
  return new Response(
    `<html><head><title>${status}</title></head><body><h1>${status}</h1><p>The server is not reachable.</p></body></html>`,
    {
      status,
      headers: { "content-type": "text/html; charset=utf-8" },
    },
  );
}

/** An answer that never comes: a body that fails before its first byte makes Bun close the connection without a status line. */
export function lostAnswer(): Response {
  return new Response(new ReadableStream({ start: (controller) => controller.error() }));
}
