import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { startEmbedded } from "../db/embedded.ts";
import { prepareTemplate } from "../db/template.ts";

/** `bun run test [filters]`: every test, each file on its own database, all on one Postgres that lives for this run only. */
const folder = mkdtempSync(join(tmpdir(), "moltbot-test-"));
const given = process.env.TEST_DATABASE_URL;
const embedded = given ? null : await startEmbedded(folder);
try {
  const url = await prepareTemplate(given ?? embedded?.url ?? "");
  const tests = Bun.spawn([process.execPath, "test", "--parallel", ...process.argv.slice(2)], {
    env: { ...process.env, TEST_DATABASE_URL: url, DATA_DIR: join(folder, "data") },
    stdio: ["inherit", "inherit", "inherit"],
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => tests.kill(signal));
  process.exitCode = await tests.exited;
} finally {
  await embedded?.release();
  rmSync(folder, { recursive: true, force: true });
}
