import { beforeAll, expect, test } from "bun:test";

import postgres from "postgres";

import { ownerUrl } from "../../db/testing.ts";
import { ensureAgent } from "../agents/queries.ts";
import { claimedRun } from "../runs/testing.ts";
import { listTranscript } from "./queries.ts";
import { openTranscript } from "./writer.ts";

let agentId: string;

beforeAll(async () => {
  agentId = (await ensureAgent("transcripts")).id;
});

async function newRun(): Promise<{ id: string; agentId: string }> {
  const agent = await ensureAgent(`t_${crypto.randomUUID().slice(0, 8)}`);
  return { id: await claimedRun(agent.id), agentId };
}

test("lines of both streams are kept in the order in which they came, secrets masked", async () => {
  const run = await newRun();
  const transcript = openTranscript(run);
  transcript.add("stdout", "first");
  transcript.add("stderr", `key sk-${"a".repeat(30)} and a NUL \u0000`);
  transcript.add("stdout", "");
  await transcript.close();
  expect(await listTranscript(run.id, 10)).toEqual({
    lines: [
      { seq: 0, stream: "stdout", line: "first" },
      { seq: 1, stream: "stderr", line: "key [secret] and a NUL \ufffd" },
      { seq: 2, stream: "stdout", line: "" },
    ],
    total: 3,
  });
});

test("a list shows the last lines and knows how many there are", async () => {
  const run = await newRun();
  const transcript = openTranscript(run);
  for (let n = 0; n < 1200; n += 1) transcript.add("stdout", `line ${n}`);
  await transcript.close();
  const { lines, total } = await listTranscript(run.id, 3);
  expect([total, lines.map(({ line }) => line)]).toEqual([1200, ["line 1197", "line 1198", "line 1199"]]);
});

test("empty lines without end are bounded too", async () => {
  const run = await newRun();
  const transcript = openTranscript(run);
  for (let n = 0; n < 100_000; n += 1) transcript.add("stdout", "");
  await transcript.close();
  const { lines, total } = await listTranscript(run.id, 201);
  expect(total).toBe(20_000 + 1 + 200);
  expect(lines[0]).toEqual({ seq: 99_799, stream: "gap", line: "79800 lines left out" });
  expect(lines.at(-1)?.seq).toBe(99_999);
});

test("of long lines at the end only one MiB is kept", async () => {
  const run = await newRun();
  const transcript = openTranscript(run);
  const long = "x".repeat(256 * 1024);
  for (let n = 0; n < 100; n += 1) transcript.add("stdout", long);
  await transcript.close();
  const { lines, total } = await listTranscript(run.id, 5);
  expect(total).toBe(16 + 1 + 4);
  expect(lines[0]).toEqual({ seq: 95, stream: "gap", line: "80 lines left out" });
});

test("lines that cannot be stored leave a gap that says so, and nothing else is lost", async () => {
  const run = await newRun();
  const owner = postgres(ownerUrl(), { max: 1 });
  await owner.unsafe("alter table transcripts add constraint refuse check (line <> 'poison') not valid");
  const transcript = openTranscript(run);
  for (let n = 0; n < 500; n += 1) transcript.add("stdout", n === 7 ? "poison" : "good");
  transcript.add("stdout", "the last words");
  await transcript.close();
  await owner.unsafe("alter table transcripts drop constraint refuse");
  await owner.end();
  expect((await listTranscript(run.id, 10)).lines).toEqual([
    { seq: 500, stream: "stdout", line: "the last words" },
    { seq: 501, stream: "gap", line: "500 lines could not be stored" },
  ]);
});
