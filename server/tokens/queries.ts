import { sql } from "../../db/client.ts";
import { answerKeyOf } from "../moltbook/intents/seal.ts";
import type { Mode } from "../runs/schema.ts";

/** What a run may do: the names of the tools that it is shown and may call. */
export type Policy = { tools: string[] };

/** Who is calling: taken from the bearer token alone, never from an MCP session. What was answered is kept under `answer_key`. */
export type Principal = {
  agent_id: string;
  agent_name: string;
  run_id: string;
  mode: Mode;
  policy: Policy;
  expires_at: string;
  answer_key: Buffer;
};

/** Makes a run's bearer token. Only its SHA-256 is kept; it ends with the run, or `seconds` from now if nothing ends the run. */
export async function mintToken(run: { id: string; agentId: string }, policy: Policy, seconds: number): Promise<string> {
  const token = `mbt_${Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("base64url")}`;
  await sql`
    insert into run_tokens (id, agent_id, run_id, token_hash, policy, expires_at)
    values (${Bun.randomUUIDv7()}, ${run.agentId}, ${run.id}, ${hashOf(token)}, ${sql.json(policy)}, now() + ${seconds} * interval '1 second')`;
  return token;
}

/** The principal of a run token. `closed` is true when the token was good once: its run has ended, or its time has. */
export async function findPrincipal(token: string): Promise<(Principal & { closed: boolean }) | undefined> {
  const [found] = await sql<(Omit<Principal, "answer_key"> & { closed: boolean })[]>`
    select t.agent_id, a.name as agent_name, t.run_id, r.mode, t.policy, t.expires_at,
      t.revoked_at is not null or t.expires_at < now() or r.status not in ('queued', 'running') as closed
    from run_tokens t join runs r on r.id = t.run_id join agents a on a.id = t.agent_id where t.token_hash = ${hashOf(token)}`;
  return found && { ...found, answer_key: answerKeyOf(token) };
}

/** SHA-256 of a token. Tokens hold 256 random bits, so a plain hash cannot be searched, and the look-up by hash leaks no timing. */
export function hashOf(token: string): Buffer {
  return new Bun.CryptoHasher("sha256").update(token).digest();
}
