import { afterAll, beforeAll, describe, expect, test } from "bun:test";

import { sql } from "../../../db/client.ts";
import type { TestApp } from "../../../test/app.ts";
import { startTestApp, until } from "../../../test/app.ts";
import { appendAudit } from "../../audit/queries.ts";
import { verifyChain } from "../../audit/verify.ts";
import { insertApiKey, insertSession } from "../queries.ts";
import { ensureUser } from "../users/queries.ts";

let app: TestApp;
let olga: string;
let vera: string;

beforeAll(async () => {
  app = await startTestApp();
  olga = await sessionOf("olga", "operator");
  vera = await sessionOf("vera", "viewer");
});
afterAll(() => app.stop());

const sessionOf = async (name: string, role: "operator" | "viewer") => insertSession((await ensureUser({ name, role }, "test")).id);

/** A request of a browser with that session. */
const as = (session: string, path: string, init: RequestInit = {}) =>
  fetch(app.url + path, {
    redirect: "manual",
    ...init,
    headers: { cookie: `moltbot_session=${session}`, origin: app.url, ...init.headers },
  });
const submit = (session: string, path: string, form: Record<string, string> = {}) =>
  as(session, path, { method: "POST", body: new URLSearchParams(form) });
const send = (session: string, path: string, body: unknown, method = "POST") =>
  as(session, path, { method, body: JSON.stringify(body), headers: { "content-type": "application/json" } });
const seen = (markup: string) => markup.replaceAll(/<[^>]*>/g, " ").replaceAll(/\s+/g, " ");
const textOf = async (answer: Response) => seen(await answer.text());
const isSignedIn = async (session: string) => (await as(session, "/runs")).status === 200;
const sessionIn = (answer: Response) => /^moltbot_session=([^;]*)/.exec(answer.headers.get("set-cookie") ?? "")?.[1] ?? "";

/** What the chain says that was done last: kind and body. */
/** What was last decided, whatever was refused meanwhile and is on record as an event. */
async function lastDone(): Promise<{ kind: string; body: Record<string, unknown> }> {
  const [record] = await sql<{ kind: string; body: string }[]>`
    select kind, body from audit_log where kind <> 'event.recorded' order by seq desc limit 1`;
  return { kind: record?.kind ?? "", body: JSON.parse(record?.body ?? "{}") as Record<string, unknown> };
}

describe("a person who was invited", () => {
  const invite = async (name: string, role = "viewer") => submit(olga, "/settings/users", { name, role });
  const linkIn = (markup: string) => /\/sign-in\/([\w-]{43})/.exec(markup)?.[0] ?? "";

  test("gets a link that is shown once, kept by no cache, and signs them in as what they were invited for", async () => {
    const made = await invite("viktor");
    expect([made.status, made.headers.get("cache-control")]).toEqual([200, "no-store"]);
    const markup = await made.text();
    const link = linkIn(markup);
    expect(markup).toContain(`${app.url}${link}`);
    expect(await lastDone()).toMatchObject({ kind: "link.created", body: { actor: "operator:olga" } });
    const opened = await fetch(app.url + link, { redirect: "manual", headers: { "user-agent": "<b>Browser</b>" } });
    const session = sessionIn(opened);
    const settings = await (await as(session, "/settings")).text();
    expect(seen(settings)).toContain("You are viktor. A viewer");
    expect(settings).toContain("&lt;b&gt;Browser&lt;/b&gt;");
    expect(await (await as(olga, "/settings")).text()).not.toContain(link);
    expect((await submit(session, "/authors", { author: "x", reason: "y" })).status).toBe(403);
  });

  test("cannot have a name that somebody has, or had", async () => {
    expect((await invite("walter")).status).toBe(200);
    const again = await invite("Walter", "operator");
    expect([again.status, await textOf(again)]).toEqual([409, expect.stringContaining("The name Walter is taken")]);
    const wrong = await invite("a b");
    expect([wrong.status, await textOf(wrong)]).toEqual([422, expect.stringContaining("letters, digits")]);
  });

  test("is signed out everywhere and let in no more as soon as they are disabled", async () => {
    const markup = await (await invite("xenia", "operator")).text();
    const { id } = await ensureUser({ name: "xenia", role: "operator" }, "test");
    const session = await insertSession(id);
    expect(await isSignedIn(session)).toBe(true);
    expect((await submit(olga, `/settings/users/${id}/disable`)).status).toBe(303);
    expect(await lastDone()).toEqual({ kind: "user.disabled", body: { actor: "operator:olga", id } });
    expect(await isSignedIn(session)).toBe(false);
    expect((await fetch(app.url + linkIn(markup), { redirect: "manual" })).status).toBe(401);
    expect((await submit(olga, `/settings/users/${id}/link`)).status).toBe(409);
    expect(await isSignedIn(await insertSession(id))).toBe(false);
    expect((await submit(olga, `/settings/users/${id}/disable`)).status).toBe(409);
  });

  test("holds nobody up whose record is to be appended, while one of their sessions is in use", async () => {
    const { id } = await ensureUser({ name: "yvonne", role: "viewer" }, "test");
    await insertSession(id);
    const ending = await sql.begin(async (tx) => {
      await tx`select from sessions where user_id = ${id} for update`;
      const ended = submit(olga, `/settings/users/${id}/disable`);
      await until(async () => (await tx`select from pg_locks where not granted`).count > 0);
      await appendAudit(null, "test.done", {});
      return { ended };
    });
    expect((await ending.ended).status).toBe(303);
  });

  test("may not be oneself, nor the operator whom every link of the command line signs in", async () => {
    const { id: self } = await ensureUser({ name: "olga", role: "operator" }, "test");
    const { id: first } = await ensureUser({ name: "operator", role: "operator" }, "test");
    for (const id of [self, first]) expect((await submit(olga, `/settings/users/${id}/disable`)).status).toBe(409);
    expect(await isSignedIn(olga)).toBe(true);
  });
});

describe("a password of one's own", () => {
  const PASSWORD = "correct horse battery";
  const signIn = (name: string, password: string) =>
    fetch(`${app.url}/sign-in`, { method: "POST", redirect: "manual", body: new URLSearchParams({ name, password }) });
  const change = (session: string, password: string, current = "") =>
    submit(session, "/settings/password", { current, password, again: password });

  test("signs in by any spelling of the name, ends all other sessions, and has to be known to be changed", async () => {
    const [first, other] = [await sessionOf("paula", "viewer"), await sessionOf("paula", "viewer")];
    expect((await change(first, PASSWORD)).status).toBe(303);
    expect(await lastDone()).toMatchObject({ kind: "user.password_set", body: { actor: "viewer:paula" } });
    expect([await isSignedIn(first), await isSignedIn(other)]).toEqual([true, false]);
    const opened = await signIn("Paula", PASSWORD);
    expect(opened.status).toBe(303);
    const session = sessionIn(opened);
    const unknown = await change(session, "another password", "not the current one");
    expect([unknown.status, await textOf(unknown)]).toEqual([422, expect.stringContaining("current password is not right")]);
    expect((await change(session, "another password", PASSWORD)).status).toBe(303);
    expect([(await signIn("paula", PASSWORD)).status, (await signIn("paula", "another password")).status]).toEqual([401, 303]);
    const rows = await sql<{ text: string }[]>`select u::text as text from users u where name = 'paula'`;
    expect(rows[0]?.text).toContain("$argon2id$v=19$m=19456,t=2,p=1$");
  });

  test("is long enough, and typed twice", async () => {
    const quirin = await sessionOf("quirin", "viewer");
    expect((await change(quirin, "too short")).status).toBe(422);
    const differing = await submit(quirin, "/settings/password", { password: PASSWORD, again: `${PASSWORD}!` });
    expect([differing.status, await textOf(differing)]).toEqual([422, expect.stringContaining("The two passwords differ.")]);
    expect((await signIn("quirin", PASSWORD)).status).toBe(401);
  });

  test("cannot be guessed through a browser that was left open", async () => {
    await change(await sessionOf("rita", "viewer"), PASSWORD);
    const session = sessionIn(await signIn("rita", PASSWORD));
    for (let n = 0; n < 5; n += 1) await change(session, "another password", `guess ${n}`);
    const right = await change(session, "another password", PASSWORD);
    expect([right.status, await textOf(right)]).toEqual([422, expect.stringContaining("Too many wrong passwords. Wait")]);
    await sql`delete from sign_in_attempts`;
  });
});

describe("a session", () => {
  test("is ended by its owner or an operator, and by no other viewer", async () => {
    const [mine, twin] = [await sessionOf("sara", "viewer"), await sessionOf("sara", "viewer")];
    const [{ id } = { id: "" }] = await sql<{ id: string }[]>`
      select s.id from sessions s join users u on u.id = s.user_id where u.name = 'sara' order by s.id desc limit 1`;
    await submit(vera, `/settings/sessions/${id}/end`);
    expect(await isSignedIn(twin)).toBe(true);
    expect(await textOf(await as(vera, "/settings"))).not.toContain("sara");
    expect(await textOf(await as(olga, "/settings"))).toContain("sara");
    await submit(mine, `/settings/sessions/${id}/end`);
    expect([await isSignedIn(mine), await isSignedIn(twin)]).toEqual([true, false]);
    expect(await lastDone()).toEqual({ kind: "session.closed", body: { actor: "viewer:sara", id } });
  });

  test("ends everywhere at once, for oneself alone", async () => {
    const [one, two] = [await sessionOf("tom", "viewer"), await sessionOf("tom", "viewer")];
    const answer = await submit(one, "/settings/sessions/end");
    expect([answer.status, answer.headers.get("location"), sessionIn(answer)]).toEqual([303, "/sign-in", ""]);
    expect([await isSignedIn(one), await isSignedIn(two), await isSignedIn(vera)]).toEqual([false, false, true]);
  });

  test("that a browser had is over when it signs in anew", async () => {
    const before = await sessionOf("uwe", "viewer");
    const link = (await (await submit(olga, "/settings/users", { name: "uma" })).text()).match(/\/sign-in\/[\w-]{43}/)?.[0] ?? "";
    const opened = await as(before, link);
    expect(opened.status).toBe(303);
    expect([await isSignedIn(before), await isSignedIn(sessionIn(opened))]).toEqual([false, true]);
  });
});

describe("an API key", () => {
  const keyIn = (markup: string) => /mb[rwi]_[\w-]{43}/.exec(markup)?.[0] ?? "";
  const reads = async (key: string) => (await fetch(`${app.url}/api/runs`, { headers: { authorization: `Bearer ${key}` } })).status;

  test("is shown once, expires when it was said to, and can be taken back", async () => {
    const made = await submit(olga, "/settings/keys", { name: "metrics", scope: "read", expires_days: "7" });
    expect([made.status, made.headers.get("cache-control")]).toEqual([200, "no-store"]);
    const key = keyIn(await made.text());
    expect(key).toStartWith("mbr_");
    expect(await reads(key)).toBe(200);
    const settings = await (await as(olga, "/settings")).text();
    expect([settings.includes(key), seen(settings).includes("metrics reads, made just now , expires in 7 d Revoke used just now")]).toEqual(
      [false, true],
    );
    const { items } = (await (await as(olga, "/api/keys?limit=1")).json()) as { items: { id: string; expires_at: string; name: string }[] };
    expect(Date.parse(items[0]?.expires_at ?? "") - Date.now()).toBeWithin(6.9 * 86_400_000, 7.1 * 86_400_000);
    expect((await submit(olga, `/settings/keys/${items[0]?.id}/revoke`)).status).toBe(303);
    expect(await lastDone()).toEqual({ kind: "key.revoked", body: { actor: "operator:olga", id: items[0]?.id } });
    expect(await reads(key)).toBe(401);
    expect((await submit(olga, `/settings/keys/${items[0]?.id}/revoke`)).status).toBe(404);
  });

  test("has a name of one plain line", async () => {
    for (const name of ["", "two\nlines", "<b>bold</b>", "x".repeat(61), 'a"b'])
      expect((await submit(olga, "/settings/keys", { name, scope: "read" })).status).toBe(422);
  });

  test("makes neither keys nor people, whatever its scope", async () => {
    const authorization = `Bearer ${await insertApiKey("climber", "write")}`;
    const before = await sql`select from api_keys`;
    for (const [path, body] of [
      ["/api/keys", { name: "next", scope: "write" }],
      ["/api/users", { name: "next", role: "operator" }],
    ] as const) {
      const headers = { authorization, "content-type": "application/json" };
      expect((await fetch(app.url + path, { method: "POST", headers, body: JSON.stringify(body) })).status).toBe(403);
    }
    expect((await sql`select from api_keys`).count).toBe(before.count);
  });
});

describe("the API of access", () => {
  test("does for an operator's browser what the page does", async () => {
    const made = (await (await send(olga, "/api/keys", { name: "by API", scope: "ingest" })).json()) as { id: string; key: string };
    expect(made.key).toStartWith("mbi_");
    expect((await (await send(olga, `/api/keys/${made.id}`, undefined, "DELETE")).json()) as object).toMatchObject({ is_active: false });
    const link = await send(olga, "/api/users", { name: "yara" });
    expect([link.status, await link.json()]).toEqual([201, { name: "yara", path: expect.stringMatching(/^\/sign-in\/[\w-]{43}$/) }]);
    const { id } = await ensureUser({ name: "yara", role: "viewer" }, "test");
    await insertSession(id, "link", { source: "203.0.113.9" });
    const { items } = (await (await as(olga, "/api/sessions")).json()) as { items: { id: string; user_name: string; source: string }[] };
    expect(items[0]).toMatchObject({ user_name: "yara", source: "203.0.113.9" });
    expect(await (await send(olga, `/api/sessions/${items[0]?.id}`, undefined, "DELETE")).json()).toEqual({ ended: 1 });
    expect((await send(olga, `/api/sessions/${items[0]?.id}`, undefined, "DELETE")).status).toBe(404);
    const another = await send(olga, `/api/users/${id}/link`, {});
    expect([another.status, ((await another.json()) as { name: string }).name]).toEqual([200, "yara"]);
    expect((await send(olga, `/api/users/${id}`, undefined, "DELETE")).status).toBe(200);
    const users = (await (await as(olga, "/api/users")).json()) as { items: { name: string; disabled_at: string | null }[] };
    expect(users.items.find(({ name }) => name === "yara")?.disabled_at).not.toBeNull();
    expect(JSON.stringify(users)).not.toContain("argon2");
  });
});

describe("the page of settings", () => {
  test("tells an operator what is in force, and of secrets only whether they are set", async () => {
    const text = await textOf(await as(olga, "/settings"));
    expect(text).toContain("HEARTBEAT_SCHEDULE 0 */4 * * *");
    expect(text).toMatch(/OPERATOR_PASSWORD \(secret\) not set/);
  });

  test("shows a viewer neither people, keys nor settings, and what a viewer was kept from reading", async () => {
    const text = await textOf(await as(vera, "/settings"));
    expect(text).toContain("A viewer: you may look at everything but the texts that were kept from the agent");
    for (const words of ["People", "API keys", "In force", "olga"]) expect(text).not.toContain(words);
    const closed = await as(vera, `/filter/texts/${crypto.randomUUID()}`);
    expect([closed.status, await textOf(closed)]).toEqual([403, expect.stringContaining("Ask an operator.")]);
  });
});

test("what was done here stands in a chain that holds, with neither a key, a link nor a password in it", async () => {
  const rows = await sql<{ body: string }[]>`select body from audit_log`;
  expect(rows.map(({ body }) => body).join("\n")).not.toMatch(/mb[rwi]_|\/sign-in\/|argon2|battery/);
  expect((await verifyChain()).fault).toBeNull();
});
