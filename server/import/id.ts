import { digest } from "../audit/canonical.ts";
import { observedId } from "../security/queries.ts";

/** What makes a record the same one when it is imported again: the table that it was in, its key there, and the agent that it is taken for. */
type Identity = { table: string; key: string; agent: string };

/**
 * A UUIDv7 that is the same whenever the same record is imported. `order` takes the place of the first twelve of its random bits, for records of one
 * millisecond that have to stay in their order.
 */
export function importedId(at: Date, identity: Identity, order?: number): string {
  const id = observedId(at, digest(identity));
  return order === undefined ? id : `${id.slice(0, 15)}${(order & 0xfff).toString(16).padStart(3, "0")}${id.slice(18)}`;
}
