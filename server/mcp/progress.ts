import type { ServerContext } from "@modelcontextprotocol/server";

import type { ToolContext } from "../tool.ts";

/** A call that is done sooner is not worth a message, and none is sent more often. */
const EVERY_MS = 500;

/** Runs a call whose progress its client hears of, if it asked for that: the newest state, at most twice a second, and only of slow calls. */
export async function withProgress<Result>(
  { mcpReq }: ServerContext,
  call: (progress: ToolContext["progress"]) => Promise<Result>,
): Promise<Result> {
  const progressToken = mcpReq._meta?.progressToken;
  if (progressToken === undefined) return call(() => {});
  let told = -1;
  let state: { progress: number; total?: number; message: string } = { progress: 0, message: "Still working on it." };
  const timer = setInterval(() => {
    // The specification wants it to increase with each message.
    if (state.progress <= told) return;
    told = state.progress;
    // Nobody is there to hear it when this fails, and the call's own end says so.
    mcpReq.notify({ method: "notifications/progress", params: { progressToken, ...state } }).catch(() => {});
  }, EVERY_MS);
  try {
    return await call((progress, total, message) => {
      state = { progress, total, message };
    });
  } finally {
    clearInterval(timer);
  }
}
