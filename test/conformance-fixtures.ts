import type { CallToolResult, InputRequiredResult, McpRequestContext, ServerContext } from "@modelcontextprotocol/server";
import {
  acceptedContent,
  CLIENT_CAPABILITIES_META_KEY,
  createRequestStateCodec,
  fromJsonSchema,
  inputRequired,
  inputResponse,
  McpServer,
  ResourceTemplate,
} from "@modelcontextprotocol/server";
import * as z from "zod";

import { sql } from "../db/client.ts";
import { principalOf } from "../server/mcp/authenticate.ts";
import { addPrompts } from "../server/mcp/prompts.ts";
import { addResources } from "../server/mcp/resources.ts";
import { skills } from "../server/mcp/skills.ts";
import type { Principal } from "../server/tokens/queries.ts";

/**
 * What the conformance suite expects to find in a server that it tests whole, under the names that it expects. It stands here, and not in the
 * app, so that no setting of the app could ever offer it to an agent. A server of it has the app's own resources, prompts and skills beside, and
 * is opened behind the app's own endpoint. The four tools that ask a 2025-era client something are missing: they need a session.
 */
export function buildFixtures({ era, authInfo }: McpRequestContext): McpServer {
  const isModern = era === "modern";
  const changes = { listChanged: isModern };
  const capabilities = {
    tools: changes,
    prompts: changes,
    resources: { ...changes, subscribe: true },
    completions: {},
    ...(isModern ? {} : { logging: {} }),
  };
  const mcp = new McpServer(
    { name: "fixtures", version: "1.0.0" },
    { capabilities, requestState: { verify: (state, context) => seal.verify(state, context) } },
  );
  const principal = principalOf(authInfo);
  addContentTools(mcp);
  addTellingTools(mcp, principal);
  addSchemaTools(mcp);
  addAskingTools(mcp);
  addFixtureResources(mcp);
  addFixturePrompts(mcp);
  addResources(mcp, principal);
  addPrompts(mcp, principal);
  skills.attach(mcp);
  mcp.server.setRequestHandler("completion/complete", () => ({ completion: { values: [], total: 0, hasMore: false } }));
  if (!isModern) {
    mcp.server.setRequestHandler("resources/subscribe", () => ({}));
    mcp.server.setRequestHandler("resources/unsubscribe", () => ({}));
  }
  return mcp;
}

const seal = createRequestStateCodec<{ round: number }>({ key: crypto.getRandomValues(new Uint8Array(32)) });

/** A red dot, and a moment of silence. */
const PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==";
const WAV = "UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA=";

const text = (said: string) => ({ type: "text" as const, text: said });
const image = { type: "image" as const, data: PNG, mimeType: "image/png" };
const audio = { type: "audio" as const, data: WAV, mimeType: "audio/wav" };
const resource = (uri: string, mimeType: string, said: string) => ({ type: "resource" as const, resource: { uri, mimeType, text: said } });
const say = (said: string): CallToolResult => ({ content: [text(said)] });

function addContentTools(mcp: McpServer): void {
  const tools: Record<string, CallToolResult> = {
    test_simple_text: say("This is a simple text response for testing."),
    test_image_content: { content: [image] },
    test_audio_content: { content: [audio] },
    test_embedded_resource: { content: [resource("test://embedded-resource", "text/plain", "This is an embedded resource content.")] },
    test_multiple_content_types: {
      content: [
        text("Multiple content types test:"),
        image,
        resource("test://mixed-content-resource", "application/json", JSON.stringify({ test: "data", value: 123 })),
      ],
    },
    test_error_handling: { isError: true, content: [text("This tool intentionally returns an error for testing")] },
  };
  for (const [name, result] of Object.entries(tools))
    mcp.registerTool(name, { description: "Answers what the suite expects" }, () => result);
}

/** Tools that say something before they answer, or change what a list holds, the way it changes in the app: in the database. */
function addTellingTools(mcp: McpServer, { agent_id: agentId }: Principal): void {
  const logging = async ({ mcpReq }: ServerContext) => {
    for (const step of ["Tool execution started", "Tool processing data", "Tool execution completed"]) {
      await mcpReq.log("info", step);
      await Bun.sleep(50);
    }
    return say("Logged.");
  };
  mcp.registerTool("test_tool_with_logging", { description: "Logs three steps" }, logging);
  mcp.registerTool("test_logging_tool", { description: "Logs three steps, to a client that asked for logs" }, logging);
  mcp.registerTool("test_tool_with_progress", { description: "Reports its progress" }, async ({ mcpReq }) => {
    const progressToken = mcpReq._meta?.progressToken;
    for (const progress of [0, 50, 100]) {
      if (progressToken !== undefined)
        await mcpReq.notify({ method: "notifications/progress", params: { progressToken, progress, total: 100 } });
      await Bun.sleep(50);
    }
    return say("Done.");
  });
  mcp.registerTool("test_trigger_tool_change", { description: "Makes a tool unavailable, or available again" }, async () => {
    await sql`
      insert into moltbook_features (agent_id, mode, feature, available) values (${agentId}, 'sandbox', 'labels', false)
      on conflict (agent_id, mode, feature) do update set available = not moltbook_features.available`;
    return say("Changed.");
  });
  mcp.registerTool("test_trigger_prompt_change", { description: "Touches the active prompt" }, async () => {
    await sql`update prompt_activations set reason = reason where agent_id = ${agentId} and deactivated_at is null`;
    return say("Changed.");
  });
}

function addSchemaTools(mcp: McpServer): void {
  const schema = fromJsonSchema({
    $schema: "https://json-schema.org/draft/2020-12/schema",
    type: "object",
    $defs: { address: { $anchor: "addressDef", type: "object", properties: { street: { type: "string" }, city: { type: "string" } } } },
    properties: {
      name: { type: "string" },
      address: { $ref: "#/$defs/address" },
      contactMethod: { type: "string", enum: ["phone", "email"] },
      phone: { type: "string" },
      email: { type: "string" },
    },
    allOf: [{ anyOf: [{ required: ["phone"] }, { required: ["email"] }] }],
    if: { properties: { contactMethod: { const: "phone" } }, required: ["contactMethod"] },
    // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
    then: { required: ["phone"] },
    else: { required: ["email"] },
    additionalProperties: false,
  });
  mcp.registerTool("json_schema_2020_12_tool", { description: "Has a schema of many keywords", inputSchema: schema }, () => say("Fits."));
  const region = { type: "string" as const, "x-mcp-header": "Region" };
  const mirrored = fromJsonSchema<{ region: string }>({ type: "object", properties: { region }, required: ["region"] });
  mcp.registerTool("test_x_mcp_header", { description: "Mirrors an argument into a header", inputSchema: mirrored }, (args) =>
    say(args.region),
  );
}

const Name = z.object({ name: z.string() });
const Confirmation = z.object({ ok: z.boolean() });
const Colour = z.object({ color: z.string() });
const elicit = (message: string, requestedSchema: z.ZodObject) => inputRequired.elicit({ message, requestedSchema });
const sample = (question: string) => inputRequired.createMessage({ messages: [{ role: "user", content: text(question) }], maxTokens: 100 });

/** Tools that ask their client something before they answer (2026-07-28, multi-round-trip requests). */
function addAskingTools(mcp: McpServer): void {
  type Answer = InputRequiredResult | CallToolResult;
  const tool = (name: string, run: (context: ServerContext) => Answer | Promise<Answer>) =>
    mcp.registerTool(name, { description: "Asks its client something" }, run);
  tool("test_input_required_result_elicitation", ({ mcpReq }) => {
    const answer = acceptedContent(mcpReq.inputResponses, "user_name", Name);
    return answer ? say(`Hello, ${answer.name}!`) : ask({ user_name: elicit("What is your name?", Name) });
  });
  tool("test_streaming_elicitation", ({ mcpReq }) => {
    const answer = acceptedContent(mcpReq.inputResponses, "user_name", Name);
    return answer ? say(`Hello, ${answer.name}!`) : ask({ user_name: elicit("What is your name?", Name) });
  });
  tool("test_input_required_result_sampling", ({ mcpReq }) => {
    const answer = inputResponse(mcpReq.inputResponses, "capital_question");
    return answer.kind === "sampling" ? say("Thank you.") : ask({ capital_question: sample("What is the capital of France?") });
  });
  tool("test_missing_capability", ({ mcpReq }) => {
    const answer = inputResponse(mcpReq.inputResponses, "question");
    return answer.kind === "sampling" ? say("Thank you.") : ask({ question: sample("Who is there?") });
  });
  tool("test_input_required_result_list_roots", ({ mcpReq }) => {
    const answer = inputResponse(mcpReq.inputResponses, "client_roots");
    return answer.kind === "roots" ? say(answer.roots.map(({ uri }) => uri).join(" ")) : ask({ client_roots: inputRequired.listRoots() });
  });
  tool("test_input_required_result_capabilities", ({ mcpReq }) => {
    const envelope: Record<string, unknown> = { ...mcpReq.envelope };
    const declared = envelope[CLIENT_CAPABILITIES_META_KEY] as { elicitation?: unknown; sampling?: unknown };
    return ask({
      ...(declared.elicitation ? { name: elicit("What is your name?", Name) } : {}),
      ...(declared.sampling ? { question: sample("Who is there?") } : {}),
    });
  });
  for (const name of ["test_input_required_result_request_state", "test_input_required_result_tampered_state"])
    tool(name, async ({ mcpReq }) => {
      const answer = acceptedContent(mcpReq.inputResponses, "confirm", Confirmation);
      if (answer && mcpReq.requestState<{ round: number }>()?.round === 1) return say("state-ok");
      return ask({ confirm: elicit("Please confirm", Confirmation) }, await seal.mint({ round: 1 }));
    });
  tool("test_input_required_result_multiple_inputs", async ({ mcpReq: { inputResponses } }) => {
    const kinds = ["user_name", "greeting", "client_roots"].map((key) => inputResponse(inputResponses, key).kind);
    if (kinds.join(" ") === "elicit sampling roots") return say("Thank you for all three.");
    const requests = { user_name: elicit("What is your name?", Name), greeting: sample("Generate a greeting") };
    return ask({ ...requests, client_roots: inputRequired.listRoots() }, await seal.mint({ round: 1 }));
  });
  tool("test_input_required_result_multi_round", async ({ mcpReq }) => {
    const round = mcpReq.requestState<{ round: number }>()?.round ?? 0;
    if (round === 2 && acceptedContent(mcpReq.inputResponses, "step2", Colour)) return say("That was all.");
    if (round === 1 && acceptedContent(mcpReq.inputResponses, "step1", Name))
      return ask({ step2: elicit("Step 2: What is your favorite color?", Colour) }, await seal.mint({ round: 2 }));
    return ask({ step1: elicit("Step 1: What is your name?", Name) }, await seal.mint({ round: 1 }));
  });
}

function ask(inputRequests: NonNullable<Parameters<typeof inputRequired>[0]["inputRequests"]>, requestState?: string) {
  return inputRequired({ inputRequests, ...(requestState === undefined ? {} : { requestState }) });
}

function addFixtureResources(mcp: McpServer): void {
  mcp.registerResource("static-text", "test://static-text", { mimeType: "text/plain" }, ({ href }) => ({
    contents: [{ uri: href, mimeType: "text/plain", text: "This is the content of the static text resource." }],
  }));
  mcp.registerResource("static-binary", "test://static-binary", { mimeType: "image/png" }, ({ href }) => ({
    contents: [{ uri: href, mimeType: "image/png", blob: PNG }],
  }));
  mcp.registerResource("watched", "test://watched-resource", { mimeType: "text/plain" }, ({ href }) => ({
    contents: [{ uri: href, mimeType: "text/plain", text: "Watched." }],
  }));
  const template = new ResourceTemplate("test://template/{id}/data", { list: undefined });
  mcp.registerResource("template", template, { mimeType: "application/json" }, ({ href }, { id }) => ({
    contents: [
      { uri: href, mimeType: "application/json", text: JSON.stringify({ id, templateTest: true, data: `Data for ID: ${String(id)}` }) },
    ],
  }));
}

function addFixturePrompts(mcp: McpServer): void {
  const user = (content: ReturnType<typeof text> | typeof image | ReturnType<typeof resource>) => ({ role: "user" as const, content });
  mcp.registerPrompt("test_simple_prompt", { description: "Simple" }, () => ({
    messages: [user(text("This is a simple prompt for testing."))],
  }));
  const two = z.object({ arg1: z.string(), arg2: z.string() });
  mcp.registerPrompt("test_prompt_with_arguments", { description: "Takes two", argsSchema: two }, ({ arg1, arg2 }) => ({
    messages: [user(text(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`))],
  }));
  const one = z.object({ resourceUri: z.string() });
  mcp.registerPrompt("test_prompt_with_embedded_resource", { description: "Embeds", argsSchema: one }, ({ resourceUri }) => ({
    messages: [
      user(resource(resourceUri, "text/plain", "Embedded resource content for testing.")),
      user(text("Please process the embedded resource above.")),
    ],
  }));
  mcp.registerPrompt("test_prompt_with_image", { description: "Shows" }, () => ({
    messages: [user(image), user(text("Please analyze the image above."))],
  }));
  mcp.registerPrompt("test_input_required_result_prompt", { description: "Asks its client something" }, ({ mcpReq }) => {
    const answer = acceptedContent(mcpReq.inputResponses, "user_context", z.object({ context: z.string() }));
    if (!answer) return ask({ user_context: elicit("What context should the prompt use?", z.object({ context: z.string() })) });
    return { messages: [user(text(answer.context))] };
  });
}
