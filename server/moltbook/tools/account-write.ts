import { accessSync, constants, existsSync, mkdirSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

import * as z from "zod";

import { config } from "../../config.ts";
import { AppError } from "../../errors.ts";
import { findActivePrompt } from "../../prompts/queries.ts";
import { defineTool } from "../../tool.ts";
import { writeOnce } from "../../write-once.ts";
import { tell } from "../account/account.ts";
import { moltbook } from "../connection.ts";
import { AgentName, AlreadyDone, WRITE } from "../schema.ts";
import { write } from "../write.ts";

const updateProfile = defineTool({
  name: "moltbook_update_profile",
  title: "Change your description",
  description: "Change what your profile says about you.",
  input: z.strictObject({ description: z.string().trim().min(1).max(500) }),
  output: z.object({ description: z.string(), already_done: AlreadyDone }),
  annotations: { ...WRITE, idempotentHint: true },
  run(args, context) {
    return write(context, {
      tool: "moltbook_update_profile",
      args,
      subject: "profile",
      classes: ["write"],
      creates: true,
      action: { type: "updated_profile", target_kind: "account", detail: args.description },
      send: (options) => moltbook().updateMe(args, options),
      rehearse: () => ({ action: null, message: null, count: null }),
      settle: async () => ({ data: { description: args.description } }),
    });
  },
});

const register = defineTool({
  name: "moltbook_register",
  title: "Register a further account",
  description: "Register a new account. Its key and claim link go to the operator; you keep the account that you have.",
  input: z.strictObject({ name: AgentName, description: z.string().trim().min(1).max(500) }),
  output: z.object({ name: z.string(), status: z.string(), already_done: AlreadyDone }),
  annotations: WRITE,
  run(args, context) {
    const { name } = args;
    return write(context, {
      tool: "moltbook_register",
      args,
      classes: ["write"],
      creates: true,
      action: { type: "registered", target_kind: "agent", target_id: name },
      async prepare() {
        checkStore(name);
        return async () => {};
      },
      send: (options) => moltbook().register(args, options),
      rehearse: () => ({ apiKey: "", name, claimUrl: null, verificationCode: null }),
      async settle({ data: { apiKey, claimUrl, verificationCode, ...told } }) {
        const status = "registered_and_handed_to_the_operator";
        if (context.principal.mode === "dry_run") return { data: { name, status } };
        const credentials = { api_key: apiKey, agent_name: told.name ?? name, claim_url: claimUrl, verification_code: verificationCode };
        writeOnce(fileOf(name), `${JSON.stringify(credentials, null, 2)}\n`);
        await tell(
          context.principal,
          "account_registered",
          "medium",
          `A new account was registered: its key is in accounts/${name}.json of the data directory`,
        );
        return { data: { name, status } };
      },
    });
  },
});

function fileOf(name: string): string {
  return join(config.dataDir, "accounts", `${name}.json`);
}

const DAY_MS = 86_400_000;

/** A key is told once: where it is to be kept has to be ready before it is asked for. */
function checkStore(name: string): void {
  const folder = join(config.dataDir, "accounts");
  if (existsSync(fileOf(name))) throw new AppError("conflict", "An account of that name is registered already. The operator has its key.");
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch {
    throw new AppError(
      "unavailable",
      "The operator's store for keys cannot be written, so nothing was sent. The operator has to look into DATA_DIR.",
    );
  }
  const newest = Math.max(0, ...readdirSync(folder).map((file) => statSync(join(folder, file)).mtimeMs));
  if (Date.now() - newest < DAY_MS)
    throw new AppError("conflict", "One account a day may be registered, and today's is. Nothing was sent.");
}

const setupOwnerEmail = defineTool({
  name: "moltbook_setup_owner_email",
  title: "Set up your owner's e-mail",
  description: "Have Moltbook send your owner a sign-in link. Only to an address from your prompt.",
  input: z.strictObject({ email: z.email().max(254) }),
  output: z.object({ status: z.string(), already_done: AlreadyDone }),
  annotations: WRITE,
  async run(args, context) {
    await refuseUnknownAddress(args.email, context.principal.agent_id);
    return write(context, {
      tool: "moltbook_setup_owner_email",
      args,
      classes: ["write"],
      action: { type: "set_up_owner_email", target_kind: "account" },
      send: (options) => moltbook().setupOwnerEmail(args.email, options),
      rehearse: () => ({ action: null, message: null, count: null }),
      settle: async () => ({ data: { status: "link_sent" } }),
    });
  },
});

/** Whoever gets the link owns the account: only the operator, who writes the prompt, can say where it goes. */
async function refuseUnknownAddress(email: string, agentId: string): Promise<void> {
  const prompt = await findActivePrompt(agentId);
  const words = prompt?.text.toLowerCase().split(/[\s<>()[\]"',;]+/) ?? [];
  if (words.some((word) => word.replace(/\.$/, "") === email.toLowerCase())) return;
  throw new AppError("unauthorized", "That address is not in your prompt, so nothing was sent. Only the operator can put it there.", {
    details: { kind: "denied", landed: false },
  });
}

export const accountWriteTools = [updateProfile, register, setupOwnerEmail];
