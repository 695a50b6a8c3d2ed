import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { join } from "node:path";

import postgres from "postgres";

import { sql } from "../../db/client.ts";
import { ownerUrl } from "../../db/testing.ts";
import type { TestApp } from "../../test/app.ts";
import { startTestApp } from "../../test/app.ts";
import { insertSignInLink } from "./queries.ts";

let app: TestApp;

beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

const ask = (path: string, init: RequestInit = {}) => fetch(app.url + path, { redirect: "manual", ...init });
const withCookie = (session: string): RequestInit => ({ headers: { cookie: `moltbot_session=${session}` } });
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
  const post = (url: string, password: string) =>
    fetch(`${url}/sign-in`, { method: "POST", redirect: "manual", body: new URLSearchParams({ password }) });

  test("where none is set is refused with the way that is left", async () => {
    const answer = await post(app.url, "");
    expect([answer.status, await answer.text()]).toEqual([401, expect.stringContaining("No password is set")]);
    expect(await (await ask("/sign-in")).text()).not.toContain('type="password"');
  });

  test("signs in when it is right; ten wrong ones, even at once, close the door for a while", async () => {
    const script = `
      const { connect } = await import(${JSON.stringify(join(import.meta.dir, "..", "..", "db", "client.ts"))});
      const { serve } = await import(${JSON.stringify(join(import.meta.dir, "..", "serve.ts"))});
      connect(process.env.DATABASE_URL);
      process.stdout.write(serve(0).url);`;
    const child = Bun.spawn([process.execPath, "-e", script], {
      env: { PATH: process.env.PATH ?? "", DATABASE_URL: ownerUrl(), OPERATOR_PASSWORD: PASSWORD },
      stdout: "pipe",
    });
    const url = new TextDecoder().decode((await child.stdout.getReader().read()).value);
    expect(await (await fetch(`${url}/sign-in`)).text()).toContain('type="password"');

    const right = await post(url, PASSWORD);
    expect([right.status, right.headers.get("location")]).toEqual([303, "/"]);
    expect(await isSignedIn(sessionIn(right))).toBe(true);

    const wrong = await Promise.all(Array.from({ length: 30 }, (_, n) => post(url, `${PASSWORD}${n}`)));
    expect(wrong.filter(({ status }) => status === 401)).toHaveLength(10);
    expect(wrong.filter(({ status }) => status === 429)).toHaveLength(20);
    expect((await post(url, PASSWORD)).status).toBe(429);
    expect((await fetch(`${url}/sign-in/${await insertSignInLink()}`, { redirect: "manual" })).status).toBe(303);
    const events = await sql<
      { severity: string; detail: { source: string } }[]
    >`select severity, detail from events where type = 'sign_in_failed'`;
    expect(events).toHaveLength(10);
    expect(events[0]).toMatchObject({ severity: "medium", detail: { source: "127.0.0.1" } });

    const owner = postgres(ownerUrl(), { max: 1 });
    await owner`delete from events where type = 'sign_in_failed'`;
    await owner.end();
    expect((await post(url, "")).status).toBe(401);
    expect((await post(url, PASSWORD)).status).toBe(303);
    child.kill();
    await child.exited;
  });
});
