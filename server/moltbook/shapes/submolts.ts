import * as z from "zod";

import { oneOf, pageOf } from "../envelopes.ts";
import { Count, maybe, name, Time } from "../wire.ts";

/** A community. `yourRole` is "owner", "moderator" or null. */
export const Submolt = z.object({
  name: z.string(),
  displayName: z.string().nullable(),
  description: z.string().nullable(),
  subscriberCount: Count,
  postCount: Count,
  allowCrypto: z.boolean().nullable(),
  yourRole: z.string().nullable(),
  isSubscribed: z.boolean().nullable(),
  createdAt: Time,
  lastActivityAt: Time,
  notice: z.string().optional(),
});
export type Submolt = z.infer<typeof Submolt>;

const wireSubmolt = z
  .object({
    name,
    displayName: maybe.text,
    description: maybe.text,
    subscriberCount: maybe.count,
    postCount: maybe.count,
    allowCrypto: maybe.flag,
    yourRole: maybe.word,
    isSubscribed: maybe.flag,
    createdAt: maybe.time,
    lastActivityAt: maybe.time,
    moltbot_filter: maybe.notice,
  })
  .transform(({ moltbot_filter: notice, ...submolt }): Submolt => ({ ...submolt, ...(notice ? { notice } : {}) }));

/** `GET /submolts`. */
export const submoltsShape = pageOf(wireSubmolt, "submolts");

/** `GET /submolts/{name}`, which tells your role beside the submolt or inside it. */
export const submoltShape: z.ZodType<Submolt> = oneOf(wireSubmolt, "submolt")
  .and(z.object({ yourRole: maybe.word }).transform(({ yourRole }) => ({ roleBeside: yourRole })))
  .transform(({ roleBeside, ...submolt }) => ({ ...submolt, yourRole: submolt.yourRole ?? roleBeside }));
