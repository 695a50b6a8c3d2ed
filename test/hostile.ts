import { sql } from "../db/client.ts";
import { ensureAgent } from "../server/agents/queries.ts";
import { appendAudit } from "../server/audit/queries.ts";
import { insertApiKey, insertSession } from "../server/auth/queries.ts";
import { findToldRun, insertClaims } from "../server/claims/queries.ts";
import { config } from "../server/config.ts";
import { decideDocument, recordFault, recordFetch } from "../server/documents/queries.ts";
import { decideIssues } from "../server/issues/queries.ts";
import { closeRun, markStarted } from "../server/runs/queries.ts";
import { claimedRun } from "../server/runs/testing.ts";
import { insertEvent } from "../server/security/queries.ts";
import { insertTranscript } from "../server/transcripts/queries.ts";

/** Markup that would do something if a page took it for its own, to stand before and after a text. */
export const MARKUP = [
  ["<img src=x onerror='window.harmed=1;alert(1)'>", ""],
  ["</textarea><script>window.harmed=1</script>", "<textarea>"],
  ["<svg onload=alert(1)>", "</svg>"],
  ["\n</mark></bdi></div><iframe srcdoc='<script>parent.harmed=1</script>'>", "</iframe>"],
  ["\"><a href='javascript:alert(1)' onclick=alert(1)>", "</a>"],
  ["<hx-partial hx-target='#main' hx-get='/sign-out'>", "</hx-partial>"],
  ["<form action='https://evil.example/'><button>", "</button></form>"],
  ["<style>*{background:url(https://evil.example/)}</style>", "<base href='https://evil.example/'>"],
  ["\u202e\u2066\u200b", "\u2069\ufeff\u202c"],
  ["<meta http-equiv=refresh content='0;url=https://evil.example/'>", "<link rel=stylesheet href=//evil.example/>"],
  ["{{constructor.constructor('alert(1)')()}} ${alert(1)}", "<!--"],
] as const;

/** Two hundred strings: markup, attributes, templates, formulas, directives, controls, directions, lengths, each broken out of another context. */
export function hostileStrings(): string[] {
  const inner = [
    ...MARKUP.map(([before, after]) => `${before}hi${after}`),
    "<div hx-get='/sign-out' hx-trigger='load' hx-on:load='window.harmed=1'></div>",
    "<p hx-vals='js:{a:window.harmed=1}' hx-swap-oob='true' id='main'>",
    "=HYPERLINK(\"https://evil.example\")+cmd|' /C calc'!A0",
    "<meta http-equiv='Content-Security-Policy' content=\"script-src *\">",
    "<object data='javascript:window.harmed=1'></object><embed src=x>",
    "\u001b[2J\u001b]8;;https://evil.example\u0007click\u001b]8;;\u0007 \u0000\u0008\u007f",
    "\ud800 a\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308 \u{e0041}\u{e0042} \u2028\u2029",
    "x".repeat(5000),
    "data: x\n\nevent: changed\nid: 9\n\ndata: <img src=x onerror=alert(1)>",
  ];
  const around = [
    "",
    '"> ',
    "'> ",
    "</td></tr></table>",
    "</textarea></script></style></title>",
    "--><!--",
    "]]>",
    "</bdi></span></p></li></ol></main>",
    '\\"`',
    "\r\n\r\n",
  ];
  return around.flatMap((start) => inner.map((text) => start + text)).slice(0, 200);
}

/** What a hostile record consists of, to be opened: a run, an event, an oddity, a proposal, a version of a prompt, one of a document, and a record of the chain. */
export type Hostile = { run: string; event: string; oddity: string; proposal: string; prompt: number; document: string; seq: number };

const hashOf = (text: string) => new Bun.CryptoHasher("sha256").update(text).digest("hex");

/** Puts each of these texts on record in every field that a page shows, as a run of a stranger and as what `agentId` has met. */
export async function seedHostile(agentId: string, texts: string[]): Promise<Hostile> {
  const agent = await ensureAgent(`hostile_${crypto.randomUUID().slice(0, 8)}`);
  const id = await beginRun(agent.id);
  const stored = texts.map((text) => text.toWellFormed().replaceAll("\0", "\ufffd"));
  for (const text of stored) {
    const call = await recordCall({ run: id, agent: agent.id, text });
    await insertEvent({
      agentId,
      runId: id,
      callId: call,
      mode: config.mode,
      type: "content_withheld",
      severity: "low",
      title: text,
      detail: { text, parts: [text], [text.slice(0, 30)]: { text } },
      author: text,
      postId: text,
      sourceIp: text,
      fingerprint: call,
    });
    await recordAround({ agent: agentId, id: call, text });
  }
  await insertTranscript(
    { id, agentId: agent.id },
    stored.map((line, seq) => ({ seq, stream: "stdout" as const, line })),
  );
  const all = stored.join(" ");
  await sql`update moltbook_accounts set detail = ${all.slice(0, 1000)}, name = ${all.slice(0, 200)} where agent_id = ${agentId}`;
  const report = { model: all.slice(0, 80), client_version: all.slice(0, 80), session_id: all.slice(0, 80), summary: all.slice(0, 5000) };
  const counts = { input_tokens: 1, output_tokens: 1, cache_read_tokens: 1, cache_creation_tokens: 1, cost_usd: 0.1, turns: 1 };
  await closeRun(id, { status: "failed", outcome: null, detail: all.slice(0, 5000), exitCode: 1, report: { ...report, ...counts } });
  await recordClaims(id, stored);
  const document = await recordDocuments(agentId, stored);
  const { proposal, prompt } = await recordPrompts(agentId, { run: id, texts: stored });
  const newest = await decideAll(agentId, all);
  return { run: id, document, proposal, prompt, ...newest };
}

/** A run of an agent's that has just begun; answers its id. */
export async function beginRun(agentId: string): Promise<string> {
  const id = await claimedRun(agentId, { mode: config.mode });
  await markStarted(id, process.pid);
  return id;
}

/** A call with the text in it, what it made the agent read, and what the agent did by it. All have one id, which is answered. */
async function recordCall({ run, agent, text }: { run: string; agent: string; text: string }): Promise<string> {
  const id = Bun.randomUUIDv7();
  const hash = hashOf(text);
  await sql`
    insert into tool_calls (id, agent_id, run_id, mode, tool, is_write, arguments, arguments_sha256, outcome, error, finished_at, upstream_method, upstream_path, upstream_status, client_name)
    values (${id}, ${agent}, ${run}, ${config.mode}, ${text.slice(0, 60)}, true, ${sql.json({ [text.slice(0, 30)]: text })}, ${hash}, 'tool_error', ${text.slice(0, 2000)}, now(), 'GET', ${text.slice(0, 100)}, 200, ${text.slice(0, 100)})`;
  await sql`insert into filter_inputs (agent_id, content_hash, text) values (${agent}, ${hash}, ${text}) on conflict do nothing`;
  await sql`
    insert into exposures (id, agent_id, run_id, call_id, seq, kind, item_id, author, field, content_hash, band, score, rules, reason, filter_version, delivered)
    values (${id}, ${agent}, ${run}, ${id}, 0, 'post', ${text.slice(0, 50)}, ${text.slice(0, 100)}, ${text.slice(0, 100)}, ${hash}, 'mark', 0.5, ${[text.slice(0, 40)]}, ${text.slice(0, 200)}, '1', true)`;
  await sql`
    insert into actions (id, agent_id, run_id, call_id, mode, type, target_kind, target_id, target_title, target_author, submolt, detail)
    values (${id}, ${agent}, ${run}, ${id}, ${config.mode}, 'commented', 'post', ${text.slice(0, 100)}, ${text.slice(0, 300)}, ${text.slice(0, 200)}, ${text.slice(0, 100)}, ${text.slice(0, 1000)})`;
  return id;
}

/** What the text says around a run: in a request, as a blocked author, an oddity, a job's result, a session, a key and a record of the chain. */
async function recordAround({ agent, id, text }: { agent: string; id: string; text: string }): Promise<void> {
  await askToTalk(agent, id, text.slice(0, 500));
  await sql`
    insert into blocked_authors (id, agent_id, mode, author, handle, reason, source, blocked_by)
    values (${id}, ${agent}, ${config.mode}, ${text.slice(0, 100)}, ${id}, ${text.slice(0, 500)}, 'operator', ${text.slice(0, 50)})`;
  await sql`
    insert into oddities (id, agent_id, mode, type, severity, description, fingerprint, subject)
    values (${Bun.randomUUIDv7()}, ${agent}, ${config.mode}, 'duplicate_vote', 'low', ${text.slice(0, 1000)}, ${hashOf(id)}, ${id})`;
  await sql`insert into schedule_slots (job, slot, claimed_by, finished_at, ok, detail, asked_by) values ('maintain', clock_timestamp(), 'x', now(), false, ${text}, ${text})`;
  await insertSession(undefined, "link", { client: text, source: text });
  await insertApiKey(text.slice(0, 100), "read", { actor: text });
  await appendAudit(agent, "test.recorded", { text, [text.slice(0, 30)]: [text], deeper: { text } });
}

/** Another agent's wish to talk in private, as it comes in. */
export async function askToTalk(agentId: string, id: string, preview: string): Promise<void> {
  await sql`
    insert into moltbook_message_requests (agent_id, mode, conversation_id, from_agent, preview)
    values (${agentId}, ${config.mode}, ${id}, ${"x\u202egnp.exe"}, ${preview}) on conflict do nothing`;
}

async function recordClaims(runId: string, texts: string[]): Promise<void> {
  const run = await findToldRun(runId);
  if (!run) throw new Error("the run has not ended");
  const evidence = { reason: "not_in_record" as const, said: 1, found: 0, refused: [] };
  await insertClaims(
    run,
    texts.map((text) => ({ type: "commented", status: "contradicted", text, action_ids: [], evidence })),
  );
}

/** The texts as versions of a document, each turned down with itself as the reason; another document that could not be fetched. */
async function recordDocuments(agentId: string, texts: string[]): Promise<string> {
  const reader = { agent_id: agentId, mode: config.mode === "real" ? "real" : "sandbox" } as const;
  const verdict = { band: "mark", score: 0.5, rules: [], reason: "", version: "1" } as unknown as Parameters<
    typeof recordFetch
  >[1]["verdict"];
  let newest = "";
  for (const text of texts) {
    const { version_id: id } = await recordFetch(reader, { name: "skill.md", text, verdict, families: ["override"] });
    await decideDocument(reader, { id, isApproved: false, actor: text.slice(0, 100), reason: text.slice(0, 500) });
    newest = id;
  }
  await recordFault(reader, "rules.md", texts.join(" ").slice(0, 300));
  return newest;
}

/** The texts as versions of the prompt that were active for a moment, and as proposals that were turned down; the last one is still open. */
async function recordPrompts(
  agentId: string,
  { run, texts }: { run: string; texts: string[] },
): Promise<{ proposal: string; prompt: number }> {
  let made = { proposal: "", prompt: 0 };
  await sql`update prompt_proposals set status = 'superseded' where agent_id = ${agentId} and status = 'open'`;
  for (const [index, text] of texts.entries()) {
    const id = Bun.randomUUIDv7();
    const [version] = await sql<{ number: number }[]>`
      insert into prompt_versions (id, agent_id, number, text, sha256, author, reason)
      select ${id}, ${agentId}, coalesce(max(number), 0) + 1, ${text + id}, ${hashOf(text + id)}, ${`agent:${text.replaceAll("\n", " ").slice(0, 200)}`},
        ${text.slice(0, 500)}
      from prompt_versions where agent_id = ${agentId} returning number`;
    await sql`
      insert into prompt_activations (id, agent_id, version_id, actor, reason, deactivated_at)
      values (${id}, ${agentId}, ${id}, ${text}, ${text.slice(0, 500)}, now())`;
    const evidence = [{ name: "taint", hit: true, items: [text.slice(0, 300)] }];
    const isOpen = index === texts.length - 1;
    await sql`
      insert into prompt_proposals (id, agent_id, run_id, call_id, parent_id, text, sha256, reason, evidence, status, created_at, expires_at, decided_at, decided_by, decision_reason)
      values (${id}, ${agentId}, ${run}, ${id}, ${id}, ${text.padEnd(60, ".")}, ${hashOf(text)}, ${text.slice(0, 490).padEnd(10, ".")},
        ${JSON.stringify(evidence)}::text::jsonb, ${isOpen ? "open" : "rejected"}, now() - interval '2 days', now() + interval '5 days',
        ${isOpen ? null : new Date().toISOString()}, ${isOpen ? null : text.slice(0, 100)}, ${isOpen ? null : text.slice(0, 500)})`;
    made = { proposal: id, prompt: version?.number ?? 0 };
  }
  return made;
}

/** Everything that is open, acknowledged in these words; and what each kind of page shows the newest of. */
async function decideAll(agentId: string, words: string): Promise<Pick<Hostile, "event" | "oddity" | "seq">> {
  await decideIssues({ scope: { mode: config.mode } }, { state: "acknowledged", reason: words }, words.slice(0, 100));
  const [newest] = await sql<Pick<Hostile, "event" | "oddity" | "seq">[]>`
    select (select id from events where agent_id = ${agentId} and type = 'content_withheld' order by id desc limit 1) as event,
      (select id from oddities where agent_id = ${agentId} order by id desc limit 1) as oddity,
      (select max(seq)::int from audit_log where kind = 'test.recorded') as seq`;
  if (!newest) throw new Error("nothing was recorded");
  return newest;
}
