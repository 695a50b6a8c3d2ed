import * as z from "zod";

import { PageQuery } from "../paging.ts";

const Moment = z.iso.datetime();

/** What a person may do: everything, or look at everything but the texts that were kept from the agent. */
export const Role = z.enum(["operator", "viewer"]);
export type Role = z.infer<typeof Role>;

/** What a key opens of the API: reading; reading and changing; or only the addresses that a program reports runs to. */
export const Scope = z.enum(["read", "write", "ingest"]);
export type Scope = z.infer<typeof Scope>;

export const UserName = z.string().regex(/^[A-Za-z0-9_-]{1,40}$/, "A name has 1 to 40 letters, digits, - and _.");

/** A person who may sign in, or could once: `disabled_at` says that they may not any more. */
export const User = z.object({
  id: z.uuid(),
  name: UserName,
  role: Role,
  has_password: z.boolean(),
  created_at: Moment,
  last_used_at: Moment.nullable(),
  disabled_at: Moment.nullable(),
});
export type User = z.infer<typeof User>;

export const NewUser = z.strictObject({ name: UserName, role: Role.default("viewer") });
export type NewUser = z.infer<typeof NewUser>;

/** What lets a person in once, within an hour: a path of this server. It is answered once and kept as a hash. */
export const SignInLink = z.object({ name: UserName, path: z.string() });
export type SignInLink = z.infer<typeof SignInLink>;

/** A browser that is signed in. `source` is the address that it came from, `client` how it named itself: neither is to be trusted. */
export const Session = z.object({
  id: z.uuid(),
  user_id: z.uuid(),
  user_name: UserName,
  role: Role,
  opened_by: z.enum(["link", "password"]),
  source: z.string().nullable(),
  client: z.string().nullable(),
  created_at: Moment,
  last_used_at: Moment,
  expires_at: Moment,
});
export type Session = z.infer<typeof Session>;

/** An API key, without the key. It opens nothing after `expires_at` (null: it does not expire) or once it was revoked. */
export const ApiKey = z.object({
  id: z.uuid(),
  name: z.string(),
  scope: Scope,
  created_at: Moment,
  expires_at: Moment.nullable(),
  last_used_at: Moment.nullable(),
  revoked_at: Moment.nullable(),
  is_active: z.boolean(),
});
export type ApiKey = z.infer<typeof ApiKey>;

/** A key's name stands in the record of what it does, so it is plain text of one line. */
export const NewApiKey = z.strictObject({
  name: z
    .string()
    .trim()
    .regex(/^[\p{L}\p{N} ._-]{1,60}$/u, "A key's name has 1 to 60 letters, digits, spaces and . _ -"),
  scope: Scope,
  expires_days: z.coerce.number().int().min(0).max(3650).default(0),
});
export type NewApiKey = z.infer<typeof NewApiKey>;

/** A key that was just made, with the key itself, which no later answer holds. */
export const MadeApiKey = ApiKey.extend({ key: z.string() });
export type MadeApiKey = z.infer<typeof MadeApiKey>;

/** Newest first; with `active_only` false also what opens nothing any more. */
export const ApiKeyFilter = PageQuery.extend({ active_only: z.enum(["true", "false"]).default("true") });
export type ApiKeyFilter = z.infer<typeof ApiKeyFilter>;

export const NewPassword = z
  .strictObject({
    current: z.string().max(1000).default(""),
    password: z.string().min(10, "A password has at least 10 characters.").max(1000),
    again: z.string().max(1000),
  })
  .refine(({ password, again }) => password === again, "The two passwords differ.");
