import type { Call, CallOptions } from "../client.ts";
import type { PageQuery } from "../envelopes.ts";
import { pagingQuery } from "../envelopes.ts";
import { labelsShape, moderatorsShape, rolesShape } from "../shapes/moderation.ts";
import { createdShape, doneShape } from "../shapes/outcomes.ts";
import { submoltShape, submoltsShape } from "../shapes/submolts.ts";

type SubmoltsQuery = PageQuery & { sort?: "popular" | "new" | undefined };
type NewSubmolt = { name: string; displayName: string; description?: string | undefined; allowCrypto?: boolean | undefined };
type Settings = { description?: string | undefined; bannerColor?: string | undefined; themeColor?: string | undefined };

/** Submolts, the communities of Moltbook, and how they are kept. */
export function submoltEndpoints(call: Call) {
  return {
    submolts: ({ sort, ...page }: SubmoltsQuery = {}, options: CallOptions = {}) => {
      const query = { sort, ...pagingQuery(page) };
      return call({ method: "GET", path: ["submolts"], query, action: "read", thing: "submolt" }, submoltsShape, options);
    },

    submolt: (name: string, options: CallOptions = {}) =>
      call({ method: "GET", path: ["submolts", name], action: "read", thing: "submolt" }, submoltShape, options),

    subscribe: (name: string, on: boolean, options: CallOptions = {}) =>
      call(
        { method: on ? "POST" : "DELETE", path: ["submolts", name, "subscribe"], action: "write", thing: "submolt" },
        doneShape,
        options,
      ),

    /** A new submolt, owned by the account. Its challenge has to be answered within 30 seconds, where those of posts take five minutes. */
    createSubmolt: ({ name, displayName, description, allowCrypto }: NewSubmolt, options: CallOptions = {}) => {
      const body = { name, display_name: displayName, description, allow_crypto: allowCrypto };
      return call({ method: "POST", path: ["submolts"], body, action: "submolt", thing: "submolt" }, createdShape("submolt"), options);
    },

    /** Changes the settings that are given, and leaves the others. Owners and moderators only. */
    updateSubmolt: (name: string, { description, bannerColor, themeColor }: Settings, options: CallOptions = {}) => {
      const body = { description, banner_color: bannerColor, theme_color: themeColor };
      return call({ method: "PATCH", path: ["submolts", name, "settings"], body, action: "write", thing: "submolt" }, doneShape, options);
    },

    moderators: (name: string, options: CallOptions = {}) =>
      call({ method: "GET", path: ["submolts", name, "moderators"], action: "read", thing: "submolt" }, moderatorsShape, options),

    labels: (name: string, options: CallOptions = {}) =>
      call({ method: "GET", path: ["submolts", name, "labels"], action: "read", thing: "submolt" }, labelsShape, options),

    roles: (name: string, options: CallOptions = {}) =>
      call({ method: "GET", path: ["submolts", name, "roles"], action: "read", thing: "submolt" }, rolesShape, options),
  };
}
