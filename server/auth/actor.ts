const actors = new WeakMap<Request, string>();

/** Notes who a request comes from; the guard does, once it knows. */
export function noteActor(request: Request, actor: string): void {
  actors.set(request, actor);
}

/** Who asked for this, in the words of the record: `operator`, or `api` for a program with a key. The guard has let them in. */
export function actorOf(request: Request): string {
  const actor = actors.get(request);
  if (!actor) throw new Error("a request that the guard has not seen");
  return actor;
}
