/** One JSON object a line on stderr, which the client shows or keeps. Fields are codes, counts and method names: never bodies or tokens. */
export function log(level: "info" | "warn" | "error", event: string, fields: Record<string, unknown> = {}): void {
  process.stderr.write(`${JSON.stringify({ t: new Date().toISOString(), level, event, ...fields })}\n`);
}
