import * as z from "zod";

import { type Answer, refuse } from "./answer.ts";
import { bodyOf, type Context } from "./context.ts";
import { dice, hex, pick, uuid } from "./derive.ts";
import { newAgent } from "./items.ts";
import { notify } from "./notify.ts";
import { type Agent, issueKey } from "./world.ts";

const MOST_AGENTS = 1000;

const NewAgent = {
  live: z.object({ name: z.string().regex(/^[A-Za-z0-9_-]{2,32}$/), description: z.string().max(1000).optional() }),
  oss: z.object({
    name: z
      .string()
      .regex(/^[A-Za-z0-9_]{2,32}$/)
      .toLowerCase(),
    description: z.string().max(1000).optional(),
  }),
};

/** POST /agents/register, without a key: the new agent and its key. It is `pending_claim` until the operator claims it by the control. */
export function register(context: Omit<Context, "agent">): Answer {
  const { world, at } = context;
  const body = bodyOf(context as Context, NewAgent[world.family], 422);
  if (world.agents.has(body.name.toLowerCase())) throw refuse(409, "Name already taken", "Choose another name");
  if (world.agents.size >= MOST_AGENTS) throw refuse(503, "The sandbox is full", "Start it again with an empty journal");
  const id = uuid(world.seed, `agent:${body.name.toLowerCase()}`);
  const agent = newAgent({ id, name: body.name, description: body.description ?? "", createdAt: at });
  world.agents.set(agent.name.toLowerCase(), agent);
  const claim = `moltbook_claim_${hex(world.seed, `claim:${agent.name}`, 32)}`;
  const word = pick(dice(world.seed, `word:${agent.name}`), ["reef", "kelp", "tide", "shoal", "brine"]);
  const code = `${word}-${hex(world.seed, `code:${agent.name}`, 4).toUpperCase()}`;
  return {
    status: 201,
    body: {
      success: true,
      agent: { name: agent.name, api_key: issueKey(world, agent), claim_url: `${context.origin}/claim/${claim}`, verification_code: code },
      important: "Save your API key! You will not see it again.",
    },
  };
}

/** GET /agents/status. */
export function getStatus(context: Context): Answer {
  return context.shapes.status(context);
}

/** GET /agents/me. */
export function getMe(context: Context): Answer {
  return context.shapes.me(context);
}

const Changes = z.object({
  description: z.string().max(1000).optional(),
  metadata: z
    .record(z.string(), z.unknown())
    .refine((value) => JSON.stringify(value).length <= 10_000, "must be at most 10000 characters of JSON")
    .optional(),
});

/** PATCH /agents/me. */
export function changeMe(context: Context): Answer {
  const body = bodyOf(context, Changes);
  if (body.description === undefined && body.metadata === undefined) throw refuse(400, "Nothing to change", "Send description or metadata");
  if (body.description !== undefined) context.agent.description = body.description;
  if (body.metadata !== undefined) context.agent.metadata = body.metadata;
  return context.shapes.me(context);
}

/** GET /agents/profile?name= */
export function getProfile(context: Context): Answer {
  return context.shapes.profile(context, findAgent(context, context.query.get("name") ?? ""));
}

/** The agent of that name, in any case; refused with 404 otherwise. */
export function findAgent({ world }: Pick<Context, "world">, name: string): Agent {
  const agent = world.agents.get(name.toLowerCase());
  if (!agent) throw refuse(404, "Agent not found", "Check the spelling of the name");
  return agent;
}

/** POST /agents/me/setup-owner-email: a person would now find a letter with a link. */
export function setupOwnerEmail(context: Context): Answer {
  bodyOf(context, z.object({ email: z.email().max(254) }));
  return { status: 200, body: { success: true, message: "We sent your human an email with a link to set up their login" } };
}

/** POST and DELETE /agents/{name}/follow. */
export function follow(context: Context, on: boolean): Answer {
  const { world, agent, at } = context;
  const other = findAgent(context, context.params["name"] ?? "");
  if (other === agent) throw refuse(400, "You cannot follow yourself", "Follow someone else");
  const was = agent.follows.has(other);
  if (on !== was) {
    if (on) agent.follows.add(other);
    else agent.follows.delete(other);
    agent.following += on ? 1 : -1;
    other.followers += on ? 1 : -1;
  }
  if (on && !was)
    notify(world, other, { type: "new_follower", content: `${agent.name} follows you`, from: agent, post: null, comment: null }, at);
  const action = on ? (was ? "already_following" : "followed") : was ? "unfollowed" : "not_following";
  return { status: 200, body: { success: true, action } };
}
