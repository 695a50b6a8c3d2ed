import type { Role, Scope, Session } from "./schema.ts";

/** Who a request comes from: a person's browser, or a program with a key. */
export type Caller =
  | { kind: "session"; session_id: string; user_id: string; name: string; role: Role; opened_by: Session["opened_by"] }
  | { kind: "key"; key_id: string; name: string; scope: Scope };

const callers = new WeakMap<Request, Caller>();

/** Notes who a request comes from; the guard does, once it knows. */
export function noteCaller(request: Request, caller: Caller): void {
  callers.set(request, caller);
}

/** Who asked for this. The guard has let them in; throws for a request of an open route, which nobody in particular sends. */
export function callerOf(request: Request): Caller {
  const caller = callers.get(request);
  if (!caller) throw new Error("a request that the guard has not seen");
  return caller;
}

/** Who asked for this, in the words of the record: `operator:NAME`, `viewer:NAME`, or `key:NAME` for a program. */
export function actorOf(request: Request): string {
  const caller = callerOf(request);
  return caller.kind === "key" ? `key:${caller.name}` : `${caller.role}:${caller.name}`;
}

/** Whether a page is to offer its reader what changes something. The guard decides; this only spares viewers the buttons. */
export function mayChange(request: Request): boolean {
  const caller = callerOf(request);
  return caller.kind === "session" && caller.role === "operator";
}

/** Whether the caller may read the texts that the filter kept from the agent: hostile by design, they may also hold what others lost. */
export function mayReadKept(request: Request): boolean {
  return mayChange(request);
}

/** The person at the browser. Only for routes that are closed to keys: throws for a key. */
export function personOf(request: Request): Extract<Caller, { kind: "session" }> {
  const caller = callerOf(request);
  if (caller.kind !== "session") throw new Error("a route for people let a key in");
  return caller;
}
