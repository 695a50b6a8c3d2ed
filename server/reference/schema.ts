import * as z from "zod";

/** A fault of the API (RFC 9457). `type` is stable: programs may switch on it. */
export const Problem = z.strictObject({
  type: z.string().regex(/^urn:moltbot:problem:(invalid|not_found|conflict|unauthorized|unavailable|internal)$/),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
});
export type Problem = z.infer<typeof Problem>;

/** A JSON Schema, 2020-12. */
export type Schema = {
  type?: string | string[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  anyOf?: Schema[];
  [key: string]: unknown;
};
type Content = Record<string, { schema: Schema }>;
export type Answer = { $ref?: string; description?: string; content?: Content };
export type Operation = {
  operationId: string;
  summary?: string;
  tags?: string[];
  parameters?: { name: string; in: string; required: boolean; schema: Schema }[];
  requestBody?: { required: boolean; content: Content };
  responses: Record<string, Answer>;
};

/** An OpenAPI 3.1 document as far as ours goes; its operations by path and method. */
export type Document = {
  openapi: string;
  info: { title: string; version: string; description: string };
  paths: Record<string, Record<string, Operation>>;
  components: Record<string, unknown>;
  security: Record<string, string[]>[];
};
