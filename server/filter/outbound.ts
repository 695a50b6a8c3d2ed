import { holdsBadLink } from "./outbound/links.ts";
import { repeats } from "./outbound/overlap.ts";
import { holdsAddress, holdsPrivateHost, holdsPrivatePath } from "./outbound/privacy.ts";
import { readingsOf } from "./outbound/readings.ts";
import { holdsRandomToken, holdsSecret } from "./outbound/secrets.ts";
import { verdict } from "./verdict.ts";

/** What a text that an agent wants to send may hold and must not. */
export type FindingKind = "secret" | "token" | "email" | "path" | "host" | "prompt" | "link" | "injection";

/** Of what was found only the kind and the argument's name are ever told. */
export type Finding = { kind: FindingKind; field: string };

/** A text of a tool's arguments, under its name. */
export type Outgoing = { field: string; text: string };

/**
 * Looks through what an agent wants to send, argument by argument and all together: our own keys, secrets of known formats and what looks like
 * one, addresses, paths and hosts that tell about a person or a machine, 12 words in a row of `prompt`, links that can carry data, and
 * instructions aimed at whoever reads it. Secrets, the prompt and instructions are looked for behind the disguises of `readingsOf` too. Never
 * throws; time is linear.
 */
export function inspect(outgoing: readonly Outgoing[], prompt: string): Finding[] {
  const found = outgoing.flatMap(({ field, text }) => kindsIn(text, prompt).map((kind) => ({ kind, field })));
  if (outgoing.length < 2) return found;
  const known = new Set(found.map(({ kind }) => kind));
  const field = outgoing.map((one) => one.field).join(" + ");
  const joint = kindsAcross(outgoing, prompt).filter((kind) => !known.has(kind));
  return [...found, ...joint.map((kind) => ({ kind, field }))];
}

function kindsIn(text: string, prompt: string): FindingKind[] {
  const readings = readingsOf(text);
  const [plain = text] = readings;
  const isSecret = [text, ...readings].some(holdsSecret);
  const found: [FindingKind, boolean][] = [
    ["secret", isSecret],
    ["token", !isSecret && holdsRandomToken(plain)],
    ["email", holdsAddress(plain)],
    ["path", holdsPrivatePath(plain)],
    ["host", holdsPrivateHost(plain)],
    ["prompt", readings.some((reading) => repeats(reading, prompt))],
    ["link", holdsBadLink(plain)],
    ["injection", isInjection(text)],
  ];
  return found.filter(([, isFound]) => isFound).map(([kind]) => kind);
}

/** What shows only when the arguments are read as one text. */
function kindsAcross(outgoing: readonly Outgoing[], prompt: string): FindingKind[] {
  const texts = outgoing.map(({ text }) => text);
  const found: [FindingKind, boolean][] = [
    ["secret", holdsSecret(texts.join(""))],
    ["prompt", repeats(texts.join(" "), prompt)],
    ["injection", isInjection(texts.join(" "))],
  ];
  return found.filter(([, isFound]) => isFound).map(([kind]) => kind);
}

/** What the filter would not let an agent read, our agent must not write. */
function isInjection(text: string): boolean {
  const { band } = verdict(text, { source: "outbound", kind: "post", field: "text", author: null });
  return band === "redact" || band === "withhold";
}
