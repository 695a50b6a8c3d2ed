import * as z from "zod";

import { type Answer, refuse } from "./answer.ts";
import { bodyOf, type Context } from "./context.ts";
import { uuid } from "./derive.ts";
import { newSubmolt } from "./items.ts";
import { takeSubmoltSlot } from "./limits.ts";
import { limitOf, pageOf } from "./paging.ts";
import { submit } from "./verification.ts";
import { nextKey, type Submolt } from "./world.ts";

/** GET /submolts, the largest first, or the newest with sort=new. */
export function listSubmolts(context: Context): Answer {
  const { world, query, at } = context;
  const newest = query.get("sort") === "new";
  const submolts = [...world.submolts.values()].filter((submolt) => submolt.status === "verified");
  const page = pageOf(submolts, (submolt) => (newest ? submolt.createdAt : submolt.subscribers), {
    query,
    limit: limitOf(query, 50, 100),
    at,
  });
  return context.shapes.submolts(context, page);
}

/** GET /submolts/{name}. */
export function getSubmolt(context: Context): Answer {
  return context.shapes.submolt(context, findSubmolt(context));
}

/** The submolt that the path names, if everyone may see it or the caller created it; refused with 404 otherwise. */
export function findSubmolt({ world, agent, params }: Context): Submolt {
  const submolt = world.submolts.get(params["name"] ?? "");
  if (!submolt || (submolt.status !== "verified" && submolt.createdBy !== agent))
    throw refuse(404, "Submolt not found", "GET /submolts lists the submolts there are");
  return submolt;
}

const NewSubmolt = {
  live: z.object({
    name: z.string().regex(/^[a-z0-9-]{2,30}$/),
    display_name: z.string().trim().min(1).max(100),
    description: z.string().max(2000).nullish(),
    allow_crypto: z.boolean().optional(),
  }),
  oss: z.object({
    name: z.string().regex(/^[a-z0-9_]{2,24}$/),
    display_name: z.string().trim().max(100).optional(),
    description: z.string().max(2000).nullish(),
    allow_crypto: z.undefined().optional(),
  }),
};

/** POST /submolts. Its challenge must be answered within 30 seconds, or the submolt never comes to be. */
export function createSubmolt(context: Context): Answer {
  const { world, agent, at } = context;
  const body = world.family === "live" ? bodyOf(context, NewSubmolt.live) : bodyOf(context, NewSubmolt.oss);
  if (world.submolts.has(body.name)) throw refuse(409, "Submolt name already taken", "Choose another name");
  takeSubmoltSlot(world, agent, at);
  const fields = { name: body.name, displayName: body.display_name || body.name, description: body.description ?? "" };
  const submolt: Submolt = {
    ...newSubmolt({ ...fields, id: uuid(world.seed, nextKey(world, "submolt")), createdAt: at }),
    allowCrypto: body.allow_crypto ?? false,
    createdBy: agent,
    status: "pending",
  };
  world.submolts.set(submolt.name, submolt);
  agent.subscriptions.add(submolt);
  return submit(context, { type: "submolt", item: submolt });
}

/** POST and DELETE /submolts/{name}/subscribe. */
export function subscribe(context: Context, on: boolean): Answer {
  const submolt = findSubmolt(context);
  const was = context.agent.subscriptions.has(submolt);
  if (on && !was) {
    context.agent.subscriptions.add(submolt);
    submolt.subscribers += 1;
  }
  if (!on && was) {
    context.agent.subscriptions.delete(submolt);
    submolt.subscribers -= 1;
  }
  const action = on ? (was ? "already_subscribed" : "subscribed") : was ? "unsubscribed" : "not_subscribed";
  return { status: 200, body: { success: true, action } };
}
