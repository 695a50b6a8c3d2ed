import { expect, test } from "bun:test";

import type { Action } from "../server/actions/schema.ts";
import type { Claim } from "../server/claims/schema.ts";
import type { Run } from "../server/runs/schema.ts";
import { ClaimList, noteOfClaims } from "./claims.tsx";

const ID = "019b76da-a800-7000-8000-000000000001";
const CALL = "019b76da-a800-7000-8000-000000000002";
const HOSTILE = `<script>alert(1)</script>"><img src=x onerror=alert(2)>\u202e`;

const RUN = { id: ID, kind: "heartbeat", finished_at: "2026-11-25T10:00:00.000Z", summary: "Done." } as unknown as Run;
const ACTION: Action = {
  id: ID,
  agent_id: ID,
  run_id: ID,
  call_id: CALL,
  mode: "real",
  source: "witnessed",
  type: "upvoted",
  status: "done",
  target_kind: "post",
  target_id: "p1",
  target_title: HOSTILE,
  target_author: HOSTILE,
  submolt: null,
  detail: null,
  created_at: "2026-11-25T10:00:00.000Z",
};
const CLAIM: Claim = {
  id: ID,
  agent_id: ID,
  run_id: ID,
  mode: "real",
  seq: 0,
  type: "upvoted",
  status: "contradicted",
  text: HOSTILE,
  action_ids: [ID],
  evidence: { reason: "fewer_in_record", said: 3, found: 1, refused: [CALL] },
  created_at: "2026-11-25T10:00:00.000Z",
};

const list = (claims: Claim[], run = RUN) => ClaimList({ run, claims, actions: [ACTION] }) as string;

test("a claim shows the agent's words, what the record has, and the way to both, and calls nobody a liar", () => {
  const markup = list([CLAIM]);
  expect(markup).toContain("Against the record");
  expect(markup).toContain("It says 3; the record has 1.");
  expect(markup.split(`href="/runs/${ID}#call-${CALL}"`)).toHaveLength(3);
  expect(markup).not.toMatch(/\blie[ds]?\b|\blying\b/i);
  expect(markup).not.toMatch(/<script|<img/);
});

test("every reason has its sentence", () => {
  const reasons = ["matches", "not_in_record", "other_target", "pending_verification", "not_carried_out", "acted", "not_said"] as const;
  for (const reason of reasons) {
    const evidence = { reason, said: 1, found: 0, refused: [] };
    for (const status of ["contradicted", "unconfirmed"] as const) expect(list([{ ...CLAIM, status, evidence }])).toMatch(/record|tried/);
  }
});

test("what was not said is named by what was done", () => {
  const silent: Claim = { ...CLAIM, status: "unreported", text: "", evidence: { reason: "not_said", said: 0, found: 1, refused: [] } };
  expect(list([silent])).toContain("Upvoted");
  expect(noteOfClaims([silent, CLAIM])).toBe("1 claim in its last words, 1 against the record");
  expect(noteOfClaims([])).toBeUndefined();
});

test("an empty list says why it is empty", () => {
  expect(list([], { ...RUN, kind: "claimed" })).toContain("told of from outside");
  expect(list([], { ...RUN, finished_at: null })).toContain("when it has ended");
  expect(list([], { ...RUN, summary: null })).toContain("without a report");
});
