/** One answer of the scripted model: words, then tool calls, if any. `before` holds the answer back. */
export type Step = { text?: string; tools?: { name: string; input: Record<string, unknown> }[]; before?: () => Promise<unknown> };

type Body = { stream?: boolean; model?: string; tools?: unknown[]; messages?: { content: unknown }[] };

/** What the model does next, after the newest tool result in words ("" before there is one). */
export type Script = (result: string) => Step;

/** A script whose steps are known beforehand; the last one repeats. */
export function scriptOf(steps: Step[]): Script {
  let next = 0;
  return () => steps[Math.min(next++, steps.length - 1)] ?? {};
}

/**
 * A Messages API on loopback that answers from a script, so that the real Claude Code runs without a network. A request that brings tools
 * takes the next step; the small requests beside it (titles, quotas) get "ok". `seen` collects the bodies; `follow` changes the script.
 */
export function startMessagesApi(first: Script) {
  let script = first;
  const seen: Body[] = [];
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      const { pathname } = new URL(request.url);
      if (request.method === "HEAD") return new Response();
      if (pathname === "/v1/messages/count_tokens") return Response.json({ input_tokens: 100 });
      if (pathname !== "/v1/messages")
        return Response.json({ type: "error", error: { type: "not_found_error", message: pathname } }, { status: 404 });
      const body = (await request.json()) as Body;
      seen.push(body);
      const step: Step = body.tools?.length ? script(lastResult(body)) : { text: "ok" };
      await step.before?.();
      return body.stream ? streamed(step, body.model ?? "", seen.length) : Response.json(message(step, body.model ?? "", seen.length));
    },
  });
  const follow = (other: Script) => {
    script = other;
  };
  return { url: `http://127.0.0.1:${server.port}`, seen, follow, stop: () => server.stop(true) };
}

type Part = { type: string; content?: string | { text?: string }[] };

function lastResult({ messages = [] }: Body): string {
  const parts = messages.flatMap(({ content }) => (Array.isArray(content) ? (content as Part[]) : []));
  const content = parts.findLast(({ type }) => type === "tool_result")?.content ?? "";
  return typeof content === "string" ? content : content.map(({ text }) => text ?? "").join("\n");
}

type Block = { type: "text"; text: string } | { type: "tool_use"; id: string; name: string; input: Record<string, unknown> };

function blocksOf(step: Step, n: number): Block[] {
  const words: Block[] = step.text === undefined ? [] : [{ type: "text", text: step.text }];
  return [...words, ...(step.tools ?? []).map((tool, index): Block => ({ type: "tool_use", id: `toolu_scripted_${n}_${index}`, ...tool }))];
}

function message(step: Step, model: string, n: number) {
  const content = blocksOf(step, n);
  const usage = { input_tokens: 100, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 25 };
  return {
    id: `msg_scripted_${n}`,
    type: "message",
    role: "assistant",
    model,
    content,
    stop_reason: step.tools ? "tool_use" : "end_turn",
    stop_sequence: null,
    usage,
  };
}

/** The events of a streamed answer, in the order in which the Messages API sends them. */
function streamed(step: Step, model: string, n: number): Response {
  const whole = message(step, model, n);
  const events: { type: string; [key: string]: unknown }[] = [
    { type: "message_start", message: { ...whole, content: [], stop_reason: null, usage: { ...whole.usage, output_tokens: 1 } } },
  ];
  for (const [index, block] of whole.content.entries()) {
    const isText = block.type === "text";
    const delta = isText
      ? { type: "text_delta", text: block.text }
      : { type: "input_json_delta", partial_json: JSON.stringify(block.input) };
    events.push({ type: "content_block_start", index, content_block: isText ? { type: "text", text: "" } : { ...block, input: {} } });
    events.push({ type: "content_block_delta", index, delta });
    events.push({ type: "content_block_stop", index });
  }
  events.push({ type: "message_delta", delta: { stop_reason: whole.stop_reason, stop_sequence: null }, usage: { output_tokens: 25 } });
  events.push({ type: "message_stop" });
  const body = events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join("");
  return new Response(body, { headers: { "content-type": "text/event-stream; charset=utf-8" } });
}
