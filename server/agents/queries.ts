import { sql } from "../../db/client.ts";
import { canonical } from "../audit/canonical.ts";

export type Agent = { id: string; name: string; created_at: string };

/** The agent of that name, made on first use: one agent is the default and needs no set-up. */
export async function ensureAgent(name: string): Promise<Agent> {
  const id = Bun.randomUUIDv7();
  await sql`
    with made as (
      insert into agents (id, name) values (${id}, ${name}) on conflict (name) do nothing returning id
    )
    select append_audit(${id}, 'agent.created', ${canonical({ id })}) from made`;
  const [agent] = await sql<Agent[]>`select id, name, created_at from agents where name = ${name}`;
  if (!agent) throw new Error("the agent was not created");
  return agent;
}
