import { afterAll, beforeAll, describe, expect, test } from "bun:test";

import postgres from "postgres";

import { sql } from "../db/client.ts";
import { ownerUrl } from "../db/testing.ts";
import type { TestApp } from "../test/app.ts";
import { startTestApp } from "../test/app.ts";
import { ensureAgent } from "./agents/queries.ts";
import { buildApp } from "./app.ts";
import { insertApiKey } from "./auth/queries.ts";
import { closeRun } from "./runs/queries.ts";
import { claimedRun } from "./runs/testing.ts";
import { mintToken } from "./tokens/queries.ts";

let app: TestApp;
let owner: postgres.Sql;

beforeAll(async () => {
  app = await startTestApp();
  owner = postgres(ownerUrl(), { max: 1, onnotice: () => {} });
});
afterAll(async () => {
  await app.stop();
  await owner.end();
});

const ID = "01890000-0000-7000-8000-000000000000";
const { routes } = buildApp(() => "");
/** All that a stranger may see. */
const OPEN = ["/health", "/ready", "/sign-in", "/sign-in/:token", "/static/:file"];
const closed = routes.filter(({ path }) => !OPEN.includes(path));
const addressOf = (path: string) => path.replace(/:[a-z_]+/g, ID);

/** A request of a stranger, unless `init` brings something to show. */
const ask = (path: string, init: RequestInit = {}) => fetch(app.url + path, { redirect: "manual", ...init });
const withKey = (key: string): RequestInit => ({ headers: { authorization: `Bearer ${key}` } });
const json = async (answer: Response) => (await answer.json()) as Record<string, unknown>;

/** The status that a request gets which is sent as it stands: fetch would tidy it up. */
async function rawStatus(request: string): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  let answer = "";
  const { hostname, port } = new URL(app.url);
  await Bun.connect({
    hostname,
    port: Number(port),
    socket: {
      open: (socket) => void socket.write(request),
      data: (_socket, bytes) => void (answer += bytes.toString()),
      close: () => resolve(answer.split(" ", 2)[1] ?? ""),
    },
  });
  return promise;
}

async function newRun(over: { agentName?: string; slot?: string } = {}): Promise<string> {
  const agent = await ensureAgent(over.agentName ?? "lister");
  return claimedRun(agent.id, { slot: over.slot ?? null });
}
const close = (id: string) => closeRun(id, { status: "succeeded", outcome: null, detail: null, exitCode: 0, report: null });

describe("a stranger", () => {
  test.each(closed.map(({ method, path }) => [method === "ALL" ? "GET" : method, path]))(
    "gets nothing from %s %s",
    async (method, path) => {
      for (const verb of new Set([method, "GET", "POST", "HEAD"])) {
        const { status, headers } = await ask(addressOf(path), { method: verb });
        const isRefused = status === 401 || (status === 303 && headers.get("location") === "/sign-in");
        const isAbsent = verb !== method && status === 404;
        expect({ path, verb, status, closed: isRefused || isAbsent }).toEqual({ path, verb, status, closed: true });
      }
    },
  );

  test("gets nothing by an address or a Host that routers read differently", async () => {
    const trials = [
      ["/runs/health", "a"],
      ["/proposals/health", "a"],
      ["/runs/health", ""],
      ["/runs/health", "x/health?"],
      ["/a/../runs", "localhost"],
      ["/static/../runs", "localhost"],
      ["/static/%2e%2e/runs", "localhost"],
      ["/sign-in/../api/runs", "localhost"],
      ["/static;/runs", "a"],
      ["//api/runs", "localhost"],
      ["/health/../../api/runs", "localhost"],
    ];
    for (const [path = "", host = ""] of trials) {
      const status = await rawStatus(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
      expect([path, host, status]).toEqual([path, host, expect.stringMatching(/^(303|401|404)$/)]);
    }
  });

  test("is led to the sign-in page by a page, and told by a fragment", async () => {
    expect((await ask("/runs")).headers.get("location")).toBe("/sign-in");
    expect((await ask("/runs", { headers: { "hx-request": "true", "hx-request-type": "partial" } })).status).toBe(401);
    expect((await ask("/sign-in")).status).toBe(200);
  });

  test("learns from the open addresses that all is well, and no more", async () => {
    expect(await json(await ask("/health"))).toEqual({ status: "ok" });
    expect(await json(await ask("/ready"))).toEqual({ status: "ready" });
  });

  test("with an invented session or key is a stranger", async () => {
    const token = "A".repeat(43);
    expect((await ask("/runs", { headers: { cookie: `moltbot_session=${token}` } })).status).toBe(303);
    expect((await ask("/runs", { headers: { cookie: "moltbot_session=" } })).status).toBe(303);
    for (const value of [`Bearer mbr_${token}`, "Bearer ", "Bearer", "Basic YTpi", `Bearer ${app.session}`])
      expect((await ask("/api/runs", { headers: { authorization: value } })).status).toBe(401);
  });
});

describe("a key", () => {
  const changing = buildApp(() => "").post("/api/changes", () => "changed");
  const change = (key: string) => changing.handle(new Request("http://localhost/api/changes", { method: "POST", ...withKey(key) }));

  test("reads with the scopes read and write, changes with write alone", async () => {
    const [read, write, ingest] = await Promise.all((["read", "write", "ingest"] as const).map((scope) => insertApiKey("scopes", scope)));
    const get = async (key = "") => (await ask("/api/runs", withKey(key))).status;
    const post = async (key = "") => (await change(key)).status;
    expect([await get(read), await get(write), await get(ingest)]).toEqual([200, 200, 403]);
    expect([await post(read), await post(write), await post(ingest)]).toEqual([403, 200, 403]);
    expect((await json(await ask("/api/runs", withKey(ingest ?? "")))).detail).toBe(
      "The key's scope is ingest, which does not open this. Use a key of another scope, or the dashboard.",
    );
  });

  test("opens the API and no page", async () => {
    for (const path of ["/", "/runs", "/live"]) expect((await ask(path, withKey(app.apiKey))).status).toBe(303);
    expect((await ask("/heartbeats", { method: "POST", ...withKey(app.apiKey) })).status).toBe(401);
  });

  test("is kept as a hash, notes its use, and opens nothing once it is revoked", async () => {
    const key = await insertApiKey("to be revoked", "read");
    expect((await ask("/api/runs", withKey(key))).status).toBe(200);
    const [row] = await sql<
      { used: boolean; text: string }[]
    >`select last_used_at is not null as used, k::text as text from api_keys k where name = 'to be revoked'`;
    expect(row?.used).toBe(true);
    expect(row?.text).not.toContain(key);
    await sql`update api_keys set revoked_at = now() where name = 'to be revoked'`;
    expect((await ask("/api/runs", withKey(key))).status).toBe(401);
  });

  test("of a run, the token, opens nothing but the MCP endpoint", async () => {
    const id = await newRun({ agentName: "token_holder" });
    const [run] = await sql<{ agent_id: string }[]>`select agent_id from runs where id = ${id}`;
    const token = await mintToken({ id, agentId: run?.agent_id ?? "" }, { tools: [] }, 60);
    for (const { method, path } of closed.filter((route) => route.path.startsWith("/api/")))
      expect((await ask(addressOf(path), { method, ...withKey(token) })).status).toBe(401);
    expect((await ask("/", { headers: { cookie: `moltbot_session=${token}` } })).status).toBe(303);
    await close(id);
  });
});

describe("another site", () => {
  test.each([
    ["sec-fetch-site", "cross-site"],
    ["sec-fetch-site", "same-site"],
    ["origin", "https://evil.example"],
    ["origin", "null"],
    ["origin", "http://127.0.0.1:1"],
  ])("cannot change anything through a signed-in browser: %s %s", async (name, value) => {
    const before = await sql`select from runs`;
    for (const path of ["/heartbeats", "/sign-out", "/sign-in"]) {
      const answer = await app.get(path, { method: "POST", headers: { [name]: value } });
      expect([path, answer.status, (await answer.text()).includes("another site")]).toEqual([path, 403, true]);
    }
    expect((await app.get("/runs")).status).toBe(200);
    expect((await sql`select from runs`).count).toBe(before.count);
  });

  test("is not told apart by a browser that says nothing of where it comes from, so its cookie changes nothing", async () => {
    const cookie = `moltbot_session=${app.session}`;
    const post = (headers: Record<string, string>) =>
      ask("/heartbeats", { method: "POST", headers, body: new URLSearchParams({ dry_run: "neither" }) });
    for (const headers of [{ cookie }, { cookie, referer: "https://evil.example/" }, { cookie, referer: "about:blank" }])
      expect((await post(headers)).status).toBe(403);
    expect((await post({ cookie, referer: `${app.url}/runs` })).status).toBe(422);
  });

  test("may link to us, and our own pages may post", async () => {
    expect((await app.get("/runs", { headers: { "sec-fetch-site": "cross-site" } })).status).toBe(200);
    const own = { "sec-fetch-site": "same-origin", origin: app.url };
    expect((await ask("/sign-in", { method: "POST", headers: own })).status).toBe(422);
  });
});

describe("every answer", () => {
  const HEADERS = {
    "content-security-policy": "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
  };

  test("carries the security headers, whatever it is", async () => {
    const etag = (await ask("/static/app.js")).headers.get("etag") ?? "";
    await owner`alter table actions rename to actions_away`;
    const failed = await app.get("/api/actions");
    await owner`alter table actions_away rename to actions`;
    const leave = new AbortController();
    const answers = await Promise.all([
      failed,
      app.get("/runs"),
      app.get("/live", { signal: leave.signal }),
      app.get("/api/runs"),
      app.get("/api/openapi.json"),
      app.get(`/runs/${ID}`),
      app.get("/nothing"),
      app.get("/api/nothing"),
      app.get("/api/runs?limit=0"),
      app.get("/runs/%E0%A4%A"),
      app.get("/static/app.js"),
      app.get("/static/nothing.js"),
      ask("/static/constructor"),
      app.get("/static/app.js", { headers: { "if-none-match": etag } }),
      app.get("/sign-out", { method: "POST", headers: { "sec-fetch-site": "cross-site" } }),
      ask("/"),
      ask("/sign-in"),
      ask("/api/runs"),
      ask("/mcp", { method: "POST" }),
      ask("/health"),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([
      500, 200, 200, 200, 200, 404, 404, 404, 422, 404, 200, 404, 404, 304, 403, 303, 200, 401, 401, 200,
    ]);
    const names = Object.keys(HEADERS);
    for (const { url, headers } of answers)
      expect([url, Object.fromEntries(names.map((name) => [name, headers.get(name)]))]).toEqual([url, HEADERS]);
    leave.abort();
  });

  test("under /api that is a fault is an RFC 9457 problem", async () => {
    const fault = async (path: string) => {
      const answer = await app.get(path);
      expect(answer.headers.get("content-type")).toBe("application/problem+json");
      return json(answer);
    };
    expect(await fault("/api/nothing")).toEqual({
      type: "urn:moltbot:problem:not_found",
      title: "Not found",
      status: 404,
      detail: "There is nothing at this address.",
    });
    expect((await fault(`/api/runs/${ID}`)).detail).toBe("There is no run with this id.");
    expect(await fault("/api/runs?limit=0")).toMatchObject({
      type: "urn:moltbot:problem:invalid",
      status: 422,
      detail: expect.stringContaining("limit"),
    });
    const stranger = await ask("/api/runs");
    expect(stranger.headers.get("www-authenticate")).toBe("Bearer");
    expect(await json(stranger)).toMatchObject({ type: "urn:moltbot:problem:unauthorized", status: 401 });
  });

  test("that is our own fault is masked, with a reference", async () => {
    await owner`alter table actions rename to actions_away`;
    const problem = await json(await app.get("/api/actions"));
    const page = await (await app.get("/")).text();
    await owner`alter table actions_away rename to actions`;
    expect(problem).toMatchObject({
      type: "urn:moltbot:problem:internal",
      status: 500,
      detail: expect.stringMatching(/^The reference [0-9a-f-]{36} stands in the log\.$/),
    });
    expect(page).toContain("stands in the log");
    expect(page + JSON.stringify(problem)).not.toMatch(/actions_away|relation|select |at .*\.ts/);
  });

  test("elsewhere that is a fault is a page", async () => {
    const answer = await app.get("/nothing");
    expect(answer.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(await answer.text()).toContain("There is nothing at this address.");
  });

  test("of /ready is 503 while a migration is missing", async () => {
    const [last] = await owner<
      { version: string }[]
    >`delete from schema_migrations where version = (select max(version) from schema_migrations) returning version`;
    const answer = await ask("/ready");
    await owner`insert into schema_migrations (version) values (${last?.version ?? ""})`;
    expect([answer.status, await json(answer)]).toEqual([503, { status: "not_ready" }]);
    expect((await ask("/ready")).status).toBe(200);
  });

  test("to whoever is let in the API says so of the database too", async () => {
    expect(await json(await app.get("/api/health"))).toEqual({ status: "ok", database: "ok" });
    expect((await ask("/api/health")).status).toBe(401);
  });
});

describe("a query", () => {
  const LISTS = ["/api/runs", "/api/actions", "/api/security/tool-calls", "/api/stats", "/api/filter/rules", `/api/runs/${ID}`];

  test.each(LISTS)("of %s that names an unknown parameter is refused", async (path) => {
    const answer = await app.get(`${path}?colour=red`);
    expect([answer.status, (await json(answer)).detail]).toEqual([422, expect.stringContaining("colour")]);
  });

  test.each([
    "limit=0",
    "limit=101",
    "limit=ten",
    "limit=1&limit=2",
    "cursor=0",
    "cursor=%00",
    "status=asleep",
    "agent_name=%00",
    "agent_name=a%20b",
    `agent_name=${"a".repeat(65)}`,
  ])("of the runs with %s is refused", async (query) => {
    expect((await app.get(`/api/runs?${query}`)).status).toBe(422);
  });

  test.each([
    ["/api/runs?per_page=9", "not known here: per_page"],
    ["/api/runs?date_from=soon", "date_from: must be a day such as 2026-02-08, or must be a moment such as 2026-02-08T10:00:00Z"],
    ["/api/runs?kind=odd", "kind: must be one of heartbeat, ad_hoc, claimed"],
    ["/api/stats/timeline?days=x", "days: must be a number"],
    ["/api/prompts/abc", "id: must be the id or the number of a version"],
  ])("%s is told what it got wrong", async (path, detail) => {
    expect((await json(await app.get(path))).detail).toBe(detail);
  });

  test.each([
    [{ text: "Be kind." }, "reason: is missing"],
    [undefined, "The request has no body. Send JSON, with content-type: application/json."],
    [{ prompt_text: " " }, "prompt_text: must not be empty"],
    ["{", "The body could not be read. Send JSON, with content-type: application/json."],
  ])("with the body %j is told what it got wrong", async (body, detail) => {
    const sent = {
      method: "POST",
      headers: { "content-type": "application/json" },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    };
    expect((await json(await app.get("/api/prompts", sent))).detail).toBe(detail);
  });

  test("of a page is not disturbed by parameters that are not ours", async () => {
    expect((await app.get("/runs?utm_source=mail")).status).toBe(200);
  });
});

test("paging walks through all rows once, in order, while rows arrive", async () => {
  const all: string[] = [];
  for (let n = 0; n < 23; n += 1) {
    all.push(await newRun({ slot: `slot ${n}` }));
    await close(all.at(-1) ?? "");
  }
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const answer: Response = await app.get(`/api/runs?agent_name=lister&limit=5${cursor ? `&cursor=${cursor}` : ""}`);
    const page = (await answer.json()) as { items: { id: string }[]; next: string | null };
    expect(page.items.length).toBeLessThanOrEqual(5);
    seen.push(...page.items.map(({ id }) => id));
    cursor = page.next;
    await close(await newRun());
  } while (cursor !== null);
  expect(seen).toEqual(all.toReversed());
});

describe("the OpenAPI document", () => {
  type Document = { paths: Record<string, unknown> };

  test("describes every address of the API, to whoever may use it", async () => {
    const document = (await (await ask("/api/openapi.json", withKey(app.apiKey))).json()) as Document;
    const api = routes.filter(({ path }) => path.startsWith("/api/") && path !== "/api/openapi.json");
    const addresses = new Set(api.map(({ path }) => path.replace(/:([a-z_]+)/g, "{$1}")));
    expect(Object.keys(document.paths).toSorted()).toEqual([...addresses].toSorted());
  });

  test("changes only on purpose", async () => {
    const { info, ...contract } = await json(await app.get("/api/openapi.json"));
    expect(info).toMatchObject({ title: "Moltbot" });
    expect(contract).toMatchSnapshot();
  });
});
