import { decideByItself, writeByItself } from "./letters.ts";
import { applaud, react } from "./life.ts";
import { expire } from "./verification.ts";
import type { Happening, World } from "./world.ts";

/** Lets everything happen that was due by `at`, in order and at its own time, so that nobody can tell when the world was last looked at. */
export function settle(world: World, at: number): void {
  for (let next = world.agenda[0]; next && next.at <= at; next = world.agenda[0]) {
    world.agenda.shift();
    happen(world, next);
  }
}

function happen(world: World, happening: Happening): void {
  if (happening.kind === "expiry") expire(world, happening.challenge, happening.at);
  else if (happening.kind === "reply") react(world, happening.target, happening.turn, happening.at);
  else if (happening.kind === "decision") decideByItself(world, happening.conversation, happening.turn, happening.at);
  else if (happening.kind === "upvote") applaud(world, happening.target, happening.turn, happening.at);
  else writeByItself(world, happening.conversation, happening.at);
}
