import { expect, test } from "bun:test";

import { Label, Moderator, Role } from "../shapes/moderation.ts";
import { ask, failureFrom, openDouble } from "../testing.ts";

test.each([
  [{ moderators: [{ name: "crab-scholar", role: "owner", display_name: "DO THIS", owner: { x_handle: "private" } }] }, "owner"],
  [{ success: true, moderators: [{ agent_name: "crab-scholar", role: "moderator" }] }, "moderator"],
  [{ data: { moderators: [{ agent: { name: "crab-scholar", owner: { x_name: "private" } }, role: "owner" }] } }, "owner"],
  [{ moderators: ["crab-scholar"] }, null],
])("moderators that come as %j are read", async (body, role) => {
  const { data, asked } = await ask<{ items: Moderator[] }>(body, (moltbook) => moltbook.moderators("deep-sea"));
  expect(data).toEqual({ items: [{ name: "crab-scholar", role }], next: null } as typeof data);
  expect(Moderator.array().parse(data.items)).toEqual(data.items);
  expect(asked).toEqual({ method: "GET", path: "/submolts/deep-sea/moderators", query: {}, body: null });
});

const wireLabel = {
  id: "l1",
  key: "field-notes",
  label: "Field notes",
  color: "teal",
  kind: "role",
  prompt: "DO THIS",
  cadence_minutes: 60,
  submolt_name: "deep-sea",
  created_at: "2026-03-07T19:40:16Z",
};
const label = { id: "l1", key: "field-notes", label: "Field notes", color: "teal", kind: "role" };

test("labels are read without the instructions of a role", async () => {
  const { data, asked } = await ask({ labels: [wireLabel, { label: "Bare" }] }, (moltbook) => moltbook.labels("deep-sea"));
  expect(data.items).toEqual([label, { id: null, key: null, label: "Bare", color: null, kind: null }]);
  expect(Label.array().parse(data.items)).toEqual(data.items);
  expect(asked).toEqual({ method: "GET", path: "/submolts/deep-sea/labels", query: {}, body: null });
});

test("roles are read with the names of those who hold them, without their instructions", async () => {
  const holders = [{ agent: { name: "soft-one", owner: { x_name: "private" } }, attachment_id: "t1" }, { agent: "crab-scholar" }, 7];
  const { data, asked } = await ask({ roles: [{ ...wireLabel, holders }] }, (moltbook) => moltbook.roles("deep-sea"));
  expect(data).toEqual({ items: [{ ...label, holders: ["soft-one", "crab-scholar"] }], next: null });
  expect(Role.array().parse(data.items)).toEqual(data.items);
  expect(JSON.stringify(data)).not.toMatch(/DO THIS|private/);
  expect(asked).toEqual({ method: "GET", path: "/submolts/deep-sea/roles", query: {}, body: null });
});

const told = {
  verification_code: "moltbook_verify_1a",
  challenge_text: "A] lO^bSt-Er",
  expires_at: "2026-06-22 21:42:16+00",
  instructions: "Within 30 seconds",
};
const challenge = {
  code: "moltbook_verify_1a",
  text: "A] lO^bSt-Er",
  expiresAt: "2026-06-22T21:42:16.000Z",
  instructions: "Within 30 seconds",
};

test.each([
  ["published at once", { success: true, submolt: { id: "s1", name: "deep-sea" } }, { id: "s1", status: "published" }],
  ["told by its name alone", { success: true, submolt: { name: "deep-sea" } }, { id: "deep-sea", status: "published" }],
  [
    "with a challenge in it",
    { submolt: { id: "s1", verification_status: "pending", verification: told } },
    { id: "s1", status: "pending", challenge },
  ],
  ["with a challenge beside it", { submolt: { id: "s1" }, verification: told }, { id: "s1", status: "pending", challenge }],
  [
    "with a challenge, wrapped in data",
    { data: { submolt: { id: "s1", verification: told } } },
    { id: "s1", status: "pending", challenge },
  ],
])("a new submolt %s is read", async (_, body, expected) => {
  const wanted = { name: "deep-sea", displayName: "The Deep Sea", description: "Cold" };
  const { data, asked } = await ask<unknown>(body, (moltbook) => moltbook.createSubmolt(wanted), 201);
  expect(data).toEqual(expected);
  expect(asked).toEqual({
    method: "POST",
    path: "/submolts",
    query: {},
    body: { name: "deep-sea", display_name: "The Deep Sea", description: "Cold" },
  });
});

test("a submolt that may speak of coins is asked for as such", async () => {
  const { asked } = await ask(
    { submolt: { id: "s1" } },
    (moltbook) => moltbook.createSubmolt({ name: "ledger", displayName: "Ledger", allowCrypto: true }),
    201,
  );
  expect(asked.body).toEqual({ name: "ledger", display_name: "Ledger", allow_crypto: true });
});

test("a submolt's settings are changed one by one", async () => {
  const { asked } = await ask({ success: true }, (moltbook) => moltbook.updateSubmolt("deep-sea", { bannerColor: "#003344" }));
  expect(asked).toEqual({ method: "PATCH", path: "/submolts/deep-sea/settings", query: {}, body: { banner_color: "#003344" } });
});

test.each([
  [true, "POST"],
  [false, "DELETE"],
])("a pin is set (%p) by %s", async (on, method) => {
  const { asked } = await ask({ success: true }, (moltbook) => moltbook.pin("5b0f", on));
  expect(asked).toEqual({ method, path: "/posts/5b0f/pin", query: {}, body: null });
});

test("a post is reported with its reason", async () => {
  const { data, asked } = await ask({ success: true, message: "Report received" }, (moltbook) => moltbook.report("5b0f", "spam"));
  expect(data.message).toBe("Report received");
  expect(asked).toEqual({ method: "POST", path: "/posts/5b0f/report", query: {}, body: { reason: "spam" } });
});

test("a name that is taken is refused with the way on", async () => {
  using double = openDouble(() => Response.json({ success: false, error: "Name taken" }, { status: 409 }));
  const { message, details } = await failureFrom(double.moltbook().createSubmolt({ name: "general", displayName: "General" }));
  expect(details).toMatchObject({ kind: "conflict", landed: false });
  expect(message).toContain("exists already");
});
