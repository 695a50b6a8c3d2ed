import type * as z from "zod";

import { refuse } from "./answer.ts";
import type { Shapes, View } from "./shapes.ts";

/** What a handler knows: the world, who asks (always an agent with a key here) and when, the request's parts, and how to write the answer. */
export type Context = View & {
  params: Record<string, string>;
  query: URLSearchParams;
  body: unknown;
  origin: string;
  shapes: Shapes;
};

/** The request's body in the shape that the endpoint takes; anything else is refused with `status` and the first thing that is wrong. */
export function bodyOf<T>(context: Context, schema: z.ZodType<T>, status = 400): T {
  const parsed = schema.safeParse(context.body ?? {});
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw refuse(
    status,
    `${issue?.path.join(".") || "body"}: ${issue?.message ?? "invalid"}`,
    "Send a JSON object with the fields that the documentation names",
  );
}
