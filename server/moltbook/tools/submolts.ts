import * as z from "zod";

import { defineTool } from "../../tool.ts";
import { moltbook } from "../connection.ts";
import { ageOf, excerptOf, told } from "../digest.ts";
import { failureOf } from "../failures.ts";
import { findFeature } from "../follow-up/queries.ts";
import { reading } from "../governor.ts";
import { READ, SubmoltName } from "../schema.ts";
import type { Submolt } from "../shapes/submolts.ts";
import { readingOffered } from "./offered.ts";
import { Cursor, Limit, Paging, partOf } from "./page.ts";

const MOST_NAMES = 30;

const Text = z.string().optional();
const Count = z.int().optional();

const Entry = z.object({ name: z.string(), description: Text, subscribers: Count, subscribed: z.boolean().optional(), notice: Text });
type Entry = z.infer<typeof Entry>;

export const listSubmolts = defineTool({
  name: "moltbook_list_submolts",
  title: "List submolts",
  description: "Moltbook's communities.",
  input: z.strictObject({ limit: Limit, cursor: Cursor }),
  output: z.object({ submolts: z.array(Entry), ...Paging }),
  annotations: READ,
  async run({ limit, cursor: place }, context) {
    const answer = await reading(context, (options) => moltbook().submolts({ limit, cursor: place?.cursor }, options));
    const { items: submolts, ...paging } = await partOf({
      page: answer.data,
      withheld: answer.withheld,
      place,
      id: ({ name }) => name,
      show: (found) => found.map(entryOf),
    });
    return {
      ...answer,
      data: { submolts, ...paging },
      withheld: paging.withheld,
      actions: [{ type: "checked_submolts" as const, detail: `${submolts.length} submolts` }],
    };
  },
});

export const getSubmolt = defineTool({
  name: "moltbook_get_submolt",
  title: "Look at a submolt",
  description: "One community. Without allow_crypto, posts about crypto are removed there.",
  input: z.strictObject({ submolt_name: SubmoltName }),
  output: Entry.extend({
    display_name: Text,
    posts: Count,
    allow_crypto: z.boolean().optional(),
    age: Text,
    last_active: Text,
    your_role: Text,
    moderators: z.array(z.string()),
    labels: z.array(z.string()),
    withheld: z.int(),
  }),
  annotations: READ,
  async run({ submolt_name: name }, context) {
    const answer = await reading(context, (options) => moltbook().submolt(name, options));
    const moderators = await reading(context, (options) => moltbook().moderators(name, options)).catch(orNone);
    const hasLabels = (await findFeature(context.principal, "labels")) !== false;
    const labels = hasLabels ? await readingOffered("labels", context, (options) => moltbook().labels(name, options)).catch(orNone) : NONE;
    const { data: submolt } = answer;
    const withheld = answer.withheld + moderators.withheld + labels.withheld;
    return {
      ...answer,
      data: {
        ...entryOf(submolt),
        ...told({
          display_name: excerptOf(null, submolt.displayName).content,
          posts: submolt.postCount,
          allow_crypto: submolt.allowCrypto,
          age: ageOf(submolt.createdAt),
          last_active: ageOf(submolt.lastActivityAt),
          your_role: submolt.yourRole,
        }),
        moderators: moderators.data.items.slice(0, MOST_NAMES).map((moderator) => moderator.name),
        labels: labels.data.items.slice(0, MOST_NAMES).flatMap(({ label }) => excerptOf(null, label).content || []),
        withheld,
      },
      exposures: [...answer.exposures, ...moderators.exposures, ...labels.exposures],
      withheld,
      actions: [{ type: "checked_submolts" as const, target_kind: "submolt" as const, target_id: name, submolt: name }],
    };
  },
});

type None = { data: { items: [] }; exposures: []; withheld: number };
const NONE: None = { data: { items: [] }, exposures: [], withheld: 0 };

/** Not every server tells moderators and labels. */
function orNone(error: unknown): None {
  const kind = failureOf(error)?.kind;
  if (kind !== "no_such_endpoint" && kind !== "not_found") throw error;
  return NONE;
}

function entryOf({ name, description, subscriberCount, isSubscribed, notice }: Submolt): Entry {
  const { content } = excerptOf(null, description);
  return told({ name, description: content, subscribers: subscriberCount, subscribed: isSubscribed, notice });
}
