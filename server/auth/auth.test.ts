import { afterAll, afterEach, beforeAll, describe, expect, spyOn, test } from "bun:test";
import { join } from "node:path";

import postgres from "postgres";

import { sql } from "../../db/client.ts";
import { ownerUrl } from "../../db/testing.ts";
import type { TestApp } from "../../test/app.ts";
import { startTestApp } from "../../test/app.ts";
import { attemptPassword, networkOf } from "./attempts/attempt.ts";
import { findByPassword } from "./password.ts";
import { insertSignInLink } from "./queries.ts";

const owner = postgres(ownerUrl(), { max: 1, onnotice: () => {} });
let app: TestApp;

beforeAll(async () => {
  app = await startTestApp();
});
afterAll(async () => {
  await owner.end();
  await app.stop();
});

const ask = (path: string, init: RequestInit = {}) => fetch(app.url + path, { redirect: "manual", ...init });
const withCookie = (session: string): RequestInit => ({ headers: { cookie: `moltbot_session=${session}`, origin: app.url } });
const isSignedIn = async (session: string) => (await ask("/runs", withCookie(session))).status === 200;
const sessionIn = (answer: Response) => /^moltbot_session=([^;]*)/.exec(answer.headers.get("set-cookie") ?? "")?.[1] ?? "";

describe("a sign-in link", () => {
  test("signs in once, with a cookie that scripts and other sites do not get", async () => {
    const link = `/sign-in/${await insertSignInLink()}`;
    const answer = await ask(link);
    expect([answer.status, answer.headers.get("location")]).toEqual([303, "/"]);
    expect(answer.headers.get("set-cookie")).toMatch(/^moltbot_session=[\w-]{43}; HttpOnly; SameSite=Lax; Path=\/; Max-Age=2592000$/);
    expect(await isSignedIn(sessionIn(answer))).toBe(true);
    const again = await ask(link);
    expect([again.status, again.headers.get("set-cookie")]).toEqual([401, null]);
    expect(await again.text()).toContain("bun run job sign-in-link");
  });

  test("is not used up by a program that only looks what would be there", async () => {
    const link = `/sign-in/${await insertSignInLink()}`;
    const looked = await ask(link, { method: "HEAD" });
    expect([looked.status, looked.headers.get("set-cookie")]).toEqual([200, null]);
    expect((await ask(link)).status).toBe(303);
  });

  test("does not get into the log when signing in fails", async () => {
    const token = await insertSignInLink();
    const written = spyOn(process.stderr, "write").mockImplementation(() => true);
    await owner`alter table sign_in_links rename to links_away`;
    const failed = await ask(`/sign-in/${token}`);
    await owner`alter table links_away rename to sign_in_links`;
    const logged = written.mock.calls.join("");
    written.mockRestore();
    expect(failed.status).toBe(500);
    expect(logged).toContain('"route":"/sign-in/:token"');
    expect(logged).not.toContain(token);
  });

  test("opened twice at the same moment signs in one of the two", async () => {
    const link = `/sign-in/${await insertSignInLink()}`;
    const statuses = (await Promise.all([ask(link), ask(link), ask(link)])).map(({ status }) => status);
    expect(statuses.toSorted((a, b) => a - b)).toEqual([303, 401, 401]);
  });

  test("is no good after its hour, and an invented one never was", async () => {
    const token = await insertSignInLink();
    await sql`update sign_in_links set expires_at = now() - interval '1 second' where used_at is null`;
    expect((await ask(`/sign-in/${token}`)).status).toBe(401);
    expect((await ask(`/sign-in/${"A".repeat(43)}`)).status).toBe(401);
    const events = await sql`select severity, source_ip, detail from events where type = 'sign_in_failed'`;
    expect(events.length).toBeWithin(1, 3);
    expect(events[0]).toEqual({ severity: "low", source_ip: "127.0.0.1", detail: { source: "127.0.0.1", path: "/sign-in/:token" } });
  });

  test("behind a proxy that speaks https sets a cookie that plain http does not get", async () => {
    const answer = await ask(`/sign-in/${await insertSignInLink()}`, { headers: { "x-forwarded-proto": "https" } });
    expect(answer.headers.get("set-cookie")).toEndWith("; Secure");
  });
});

describe("a session", () => {
  const open = async () => sessionIn(await ask(`/sign-in/${await insertSignInLink()}`));

  test("cannot be chosen from outside", async () => {
    const chosen = "attacker-chosen-value-attacker-chosen-value";
    const answer = await ask(`/sign-in/${await insertSignInLink()}`, withCookie(chosen));
    expect(sessionIn(answer)).not.toBe(chosen);
    expect(await isSignedIn(chosen)).toBe(false);
  });

  test("is over for good after signing out, and only that one", async () => {
    const [mine, other] = [await open(), await open()];
    const answer = await ask("/sign-out", { method: "POST", ...withCookie(mine) });
    expect([answer.status, answer.headers.get("location")]).toEqual([303, "/sign-in"]);
    expect(answer.headers.get("set-cookie")).toBe("moltbot_session=; HttpOnly; SameSite=Lax; Path=/; Max-Age=0");
    expect([await isSignedIn(mine), await isSignedIn(other)]).toEqual([false, true]);
    const kinds = await sql<{ kind: string }[]>`select kind from audit_log where kind like 'session.%' order by seq desc limit 1`;
    expect(kinds[0]?.kind).toBe("session.closed");
  });

  test("ends by itself", async () => {
    const session = await open();
    await sql`update sessions set expires_at = now() - interval '1 second'`;
    expect(await isSignedIn(session)).toBe(false);
  });

  test("stands in the database as a hash", async () => {
    const session = await open();
    const rows = await sql<{ text: string }[]>`select s::text as text from sessions s`;
    expect(rows.map(({ text }) => text).join()).not.toContain(session);
  });
});

describe("a password", () => {
  const PASSWORD = "correct horse battery staple";
  const TOKEN = "static-token-of-the-environment";
  const post = (url: string, password: string, name = "operator") =>
    fetch(`${url}/sign-in`, { method: "POST", redirect: "manual", body: new URLSearchParams({ name, password }) });
  const from = (source: string) => ({ source, path: "/sign-in" });
  const statuses = (answers: Response[]) => answers.map(({ status }) => status).toSorted((a, b) => a - b);

  afterEach(async () => void (await sql`delete from sign_in_attempts`));

  const eventsOf = (type: string) => sql<{ severity: string; source_ip: string; detail: Record<string, unknown> }[]>`
    select severity, source_ip, detail from events where type = ${type} order by id`;

  /** The app in a process of its own, with a password in its environment, on the same database. */
  let child: Bun.Subprocess<"ignore", "pipe">;
  let url = "";
  beforeAll(async () => {
    const script = `
      const { connect } = await import(${JSON.stringify(join(import.meta.dir, "..", "..", "db", "client.ts"))});
      const { serve } = await import(${JSON.stringify(join(import.meta.dir, "..", "serve.ts"))});
      connect(process.env.DATABASE_URL);
      process.stdout.write(serve(0).url);`;
    child = Bun.spawn([process.execPath, "-e", script], {
      env: { PATH: process.env.PATH ?? "", DATABASE_URL: ownerUrl(), OPERATOR_PASSWORD: PASSWORD, MCP_AUTH_TOKEN: TOKEN },
      stdin: "ignore",
      stdout: "pipe",
    });
    url = new TextDecoder().decode((await child.stdout.getReader().read()).value);
  }, 60_000);
  afterAll(async () => {
    child.kill();
    await child.exited;
  });

  test("where nobody has one is refused with the way that is left", async () => {
    const answer = await post(app.url, "");
    expect([answer.status, await answer.text()]).toEqual([401, expect.stringContaining("No password is set")]);
    expect(await (await ask("/sign-in")).text()).not.toContain('type="password"');
  });

  test("from the environment signs the operator in, and nobody else", async () => {
    expect(await (await fetch(`${url}/sign-in`)).text()).toContain('type="password"');
    const right = await post(url, PASSWORD);
    expect([right.status, right.headers.get("location")]).toEqual([303, "/"]);
    expect(await isSignedIn(sessionIn(right))).toBe(true);
    expect((await post(url, PASSWORD, "vera")).status).toBe(401);
    expect((await post(url, `${PASSWORD} `)).status).toBe(401);
  });

  test("beside a static token for MCP is another thing: the token opens that and nothing else", async () => {
    const authorization = `Bearer ${TOKEN}`;
    const mcp = await fetch(`${url}/mcp`, { method: "POST", headers: { authorization } });
    expect(mcp.status).not.toBe(401);
    expect((await fetch(`${url}/api/runs`, { headers: { authorization } })).status).toBe(401);
    const cookie = `moltbot_session=${TOKEN}`;
    expect((await fetch(`${url}/runs`, { headers: { cookie }, redirect: "manual" })).headers.get("location")).toBe("/sign-in");
    expect((await post(url, TOKEN)).status).toBe(401);
  });

  test("that is wrong five times, even at once and in two processes, closes the door for a while", async () => {
    const both = (n: number) => post(n % 2 === 0 ? url : app.url, `${PASSWORD}${n}`);
    const wrong = await Promise.all(Array.from({ length: 30 }, (_, n) => both(n)));
    expect(statuses(wrong)).toEqual([...Array<number>(5).fill(401), ...Array<number>(25).fill(429)]);
    const right = await post(url, PASSWORD);
    expect(right.status).toBe(429);
    expect(Number(right.headers.get("retry-after"))).toBeWithin(1, 31);
    expect(await right.text()).toContain("bun run job sign-in-link");
    expect((await fetch(`${url}/sign-in/${await insertSignInLink()}`, { redirect: "manual" })).status).toBe(303);
    const reopen = () => sql`update sign_in_attempts set closed_until = now()`;
    await reopen();
    expect((await post(url, "wrong")).status).toBe(401);
    expect(Number((await post(url, PASSWORD)).headers.get("retry-after"))).toBeWithin(31, 61);
    await reopen();
    expect((await post(url, PASSWORD)).status).toBe(303);
    expect((await sql`select from sign_in_attempts`).count).toBe(0);
  });

  test("that is wrong is on record with source and name, and once more when the door closes, however often it is tried", async () => {
    for (let nr = 0; nr < 40; nr += 1) await post(app.url, "wrong", nr % 2 === 0 ? "operator" : "hunter2-and-more");
    const failed = (await eventsOf("sign_in_failed")).filter(({ detail }) => detail.path === "/sign-in");
    for (const name of ["operator", "hun…"]) expect(failed.filter(({ detail }) => detail.name === name).length).toBeWithin(1, 4);
    expect(failed.every(({ severity, source_ip: source }) => severity === "low" && source === "127.0.0.1")).toBe(true);
    // Who types a password where the name belongs does not find it on record.
    expect(JSON.stringify(failed)).not.toContain("hunter2");
    const before = await eventsOf("sign_in_refused");
    expect(before.at(-1)).toMatchObject({
      severity: "medium",
      source_ip: "127.0.0.1",
      detail: { source: "127.0.0.1", path: "/sign-in", counted_by: "source", failures: 5 },
    });
    for (let nr = 0; nr < 3; nr += 1) await post(app.url, "wrong");
    expect(await eventsOf("sign_in_refused")).toEqual(before);
    // Each time that it closes again is one more.
    await sql`update sign_in_attempts set closed_until = now()`;
    for (let nr = 0; nr < 3; nr += 1) await post(app.url, "wrong");
    expect(await eventsOf("sign_in_refused")).toHaveLength(before.length + 1);
  });

  test("is tried from however many sources, and the record takes in a bounded number", async () => {
    await sql`
      insert into sign_in_attempts (door, failures, closed_until)
      select 'source 203.0.113.' || n, 5, now() + interval '1 minute' from generate_series(1, 130) n`;
    for (let nr = 1; nr <= 130; nr += 1) await attemptPassword("many", "wrong", from(`203.0.113.${nr}`));
    const refused = (await eventsOf("sign_in_refused")).filter(({ detail }) => detail.name === "man…");
    // Of two minutes at most, should one turn meanwhile.
    expect(refused.length).toBeWithin(1, 121);
  });

  test("is looked at one after the other, and not at all when too many wait", async () => {
    const results = await Promise.allSettled(Array.from({ length: 150 }, (_, n) => findByPassword(`nobody_${n}`, "wrong")));
    const refused = results.filter(({ status }) => status === "rejected") as PromiseRejectedResult[];
    expect(refused.length).toBeWithin(1, 101);
    expect(refused.every(({ reason }) => (reason as { code?: string }).code === "unavailable")).toBe(true);
    expect(await findByPassword("nobody", "wrong")).toBeUndefined();
  }, 30_000);

  test("is tried for an account from many sources no more often than from one", async () => {
    const results: number[] = [];
    for (let n = 0; n < 8; n += 1)
      results.push((await attemptPassword("operator", "wrong", from(`2001:db8:${n}::1`))).wait > 0 ? 429 : 401);
    expect(results).toEqual([401, 401, 401, 401, 401, 429, 429, 429]);
    const [elsewhere] = [await attemptPassword("nobody", "wrong", from("2001:db8:99::1"))];
    expect(elsewhere.wait).toBe(0);
    for (let n = 0; n < 5; n += 1) await attemptPassword(`name_${n}`, "wrong", from(`2001:db8:aa:bb::${n}`));
    expect((await attemptPassword("another", "wrong", from("2001:db8:aa:bb:ffff::1"))).wait).toBeGreaterThan(0);
  });

  test.each([
    ["203.0.113.9", "203.0.113.9"],
    ["::ffff:203.0.113.9", "203.0.113.9"],
    ["2001:db8::1", "2001:db8:0:0::/64"],
    ["2001:DB8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
    ["::1", "0:0:0:0::/64"],
    ["fe80::1%eth0", "fe80:0:0:0::/64"],
    ["unknown", "unknown"],
  ])("is counted against the network of its source: %s", (source, network) => {
    expect(networkOf(source)).toBe(network);
  });
});
