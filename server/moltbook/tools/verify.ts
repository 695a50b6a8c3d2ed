import * as z from "zod";

import type { NewAction } from "../../actions/queries.ts";
import { AppError } from "../../errors.ts";
import type { ToolContext } from "../../tool.ts";
import { defineTool } from "../../tool.ts";
import { noteChallenge } from "../account/account.ts";
import { moltbook } from "../connection.ts";
import { isRightInRehearsal } from "../create.ts";
import type { Failure } from "../failures.ts";
import { failure, failureOf } from "../failures.ts";
import { AlreadyDone, WRITE } from "../schema.ts";
import type { Verified } from "../shapes/outcomes.ts";
import { findVerification, settleVerification } from "../verifications/queries.ts";
import { write } from "../write.ts";

const verify = defineTool({
  name: "moltbook_verify",
  title: "Answer a verification challenge",
  description:
    "Send your answer to the challenge of something that you wrote. One attempt for each code; ten failures in a row suspend the account.",
  input: z.strictObject({
    verification_code: z.string().regex(/^[\w.:-]{1,256}$/, "Take the code from the answer that brought the challenge."),
    answer: z
      .string()
      .trim()
      .regex(/^-?\d{1,12}(\.\d{1,6})?$/, 'A plain number such as "15.00".'),
  }),
  output: z.object({
    verified: z.boolean(),
    target_type: z.string().nullable(),
    target_id: z.string().nullable(),
    already_done: AlreadyDone,
  }),
  annotations: WRITE,
  async run(args, context) {
    const { verification_code: code } = args;
    const answer = Number(args.answer).toFixed(2);
    const who = context.principal;
    const action: NewAction = { type: "verified" };
    const known = await findVerification(who, code);
    if (known?.status === "verified" || known?.status === "failed") throw used();
    return write(context, {
      tool: "moltbook_verify",
      args,
      once: false,
      classes: ["verify"],
      action,
      // A failure is the account's, whatever becomes of the call.
      prepare: async () => (error) => settleFailed(context, code, failureOf(error)),
      send: (options) => moltbook().verify({ code, answer }, options),
      rehearse: () => rehearsed(code, answer),
      async settle({ data }) {
        const settled = await settleVerification(who, code, "verified");
        await noteChallenge(who, true);
        const kind = settled?.target_kind ?? null;
        const target_type = kind ?? data.contentType;
        const target_id = settled?.target_id ?? data.contentId;
        return {
          data: { verified: true, target_type, target_id },
          action: { target_kind: kind === "message" ? "conversation" : kind, target_id, detail: target_type },
        };
      },
      lose: async () => void (await settleVerification(who, code, "unknown")),
    });
  },
});

/** Keeps what Moltbook's refusal of an answer means for its challenge, and counts it. */
async function settleFailed(context: ToolContext, code: string, refusal: Failure | null): Promise<void> {
  const status = refusal?.kind === "incorrect_answer" ? "failed" : refusal?.kind === "gone" ? "expired" : null;
  if (status && (await settleVerification(context.principal, code, status))) await noteChallenge(context.principal, false);
}

function rehearsed(code: string, answer: string): Verified {
  if (isRightInRehearsal(code, answer)) return { contentType: null, contentId: null, message: null };
  throw failure("The answer is wrong, and a challenge takes only one. What it belongs to stays hidden.", {
    kind: "incorrect_answer",
    status: null,
    method: "POST",
    path: "/verify",
    landed: false,
    rateLimit: null,
    exposures: [],
  });
}

function used(): AppError {
  const message =
    "This verification code has been used already: each takes one answer. Read whether the content is visible, and answer no code twice.";
  return new AppError("conflict", message, { details: { kind: "conflict", landed: false } });
}

export const verifyTools = [verify];
