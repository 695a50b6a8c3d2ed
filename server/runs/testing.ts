import { type Claim, claimRun } from "./queries.ts";

/** Claims a run of an agent's for a test, in the sandbox unless `over` says otherwise; answers its id. Throws if the agent has a live one. */
export async function claimedRun(agentId: string, over: Partial<Omit<Claim, "agentId">> = {}): Promise<string> {
  const id = Bun.randomUUIDv7();
  const claim = { mode: "sandbox", trigger: "manual", slot: null, runner: "test", command: "test", promptVersionId: null } as const;
  if (!(await claimRun(id, { agentId, ...claim, ...over }))) throw new Error("the agent has a live run already");
  return id;
}
