import type { IssueState } from "../server/issues/schema.ts";
import type { SecurityTab, Severity } from "../server/security/schema.ts";

/** Which part of the record a page about security shows. */
export type SecurityFilter = {
  tab: SecurityTab;
  state?: IssueState | "needs_you" | undefined;
  severity?: Severity | undefined;
  search?: string | undefined;
  cursor?: string | undefined;
};

export const TABS: Record<SecurityTab, string> = {
  issues: "All issues",
  injections: "Injections",
  access: "Access",
  oddities: "Oddities",
  calls: "Tool calls",
  rules: "Rules",
};

export const STATES: Record<IssueState | "needs_you", string> = {
  needs_you: "Needs you",
  open: "Open",
  regressed: "Came back",
  acknowledged: "Acknowledged",
  muted: "Muted",
  resolved: "Resolved",
};

/** The address of what a filter shows; a filter holds nothing that an address could not. */
export function addressOf({ tab, state, severity, search }: SecurityFilter, cursor?: string): string {
  const query = new URLSearchParams();
  if (tab !== "issues") query.set("tab", tab);
  if (state !== undefined) query.set("state", state);
  if (severity !== undefined) query.set("severity", severity);
  if (search !== undefined) query.set("search", search);
  if (cursor !== undefined) query.set("cursor", cursor);
  return query.size === 0 ? "/security" : `/security?${query.toString()}`;
}
