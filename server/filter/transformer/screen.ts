import { verdictRemembered } from "../remembered.ts";
import type { Screened } from "../schema.ts";
import { screenBy } from "../screen.ts";
import type { Model } from "./model.ts";
import { isDoubtful, revised } from "./opinion.ts";

/**
 * As `screen`, with a second opinion: the texts of a response of which the rules are unsure are put to the model, all at once, and the response is
 * then filtered by what both say. A response without doubtful texts costs nothing more.
 */
export function screenWith({ ask, threshold }: Model): (value: unknown, source: string) => Promise<Screened> {
  return async (value, source) => {
    const doubtful = new Set<string>();
    const screened = screenBy((text, context) => {
      const judged = verdictRemembered(text, context);
      if (isDoubtful(judged)) doubtful.add(text);
      return judged;
    })(value, source);
    if (doubtful.size === 0) return screened;
    const opinions = await ask([...doubtful]);
    return screenBy((text, context) => {
      const judged = verdictRemembered(text, context);
      const opinion = opinions.get(text);
      return opinion && isDoubtful(judged) ? revised(judged, opinion, threshold, context.kind) : judged;
    })(value, source);
  };
}
