import type { MoltbookOptions } from "./client.ts";
import { createClient } from "./client.ts";
import { agentEndpoints } from "./endpoints/agents.ts";
import { messageEndpoints } from "./endpoints/messages.ts";
import { postEndpoints } from "./endpoints/posts.ts";
import { submoltEndpoints } from "./endpoints/submolts.ts";

/** Every endpoint of Moltbook that Moltbot uses, one function each, for one account. */
export type Moltbook = ReturnType<typeof createMoltbook>;

/**
 * A client for one Moltbook account. Each function stands for one request and answers `{ data, exposures, withheld, upstream }`; every string
 * in `data` has passed `screen`. Failures are AppErrors with a `Failure` as details. Throws `invalid` at once for a base URL that is neither
 * Moltbook's nor loopback, and for a key that cannot be one. Source: Moltbook's skill.md 1.12.0 and messaging.md, and the open-source
 * server's answers.
 */
export function createMoltbook(options: MoltbookOptions) {
  const call = createClient(options);
  return { ...agentEndpoints(call), ...postEndpoints(call), ...submoltEndpoints(call), ...messageEndpoints(call) };
}
