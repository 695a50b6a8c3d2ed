import { existsSync } from "node:fs";
import { join } from "node:path";

import { knownMigrations } from "../../db/migrate.ts";
import { config } from "../config.ts";
import { nextTimes } from "../schedule.ts";
import { type Database, lookAt } from "./queries.ts";
import { fail, type Finding, fine, warn } from "./schema.ts";

const HOUR = 3_600_000;
const GONE =
  "Something that migrations made is gone, maybe the role moltbot_app: put a backup into an empty database (bun run job restore).";

/** How the database is, what it says of the agent's last waking, and of its own chain. `reach` answers the owner's URL. */
export async function checkDatabase(reach: () => Promise<string>): Promise<Finding[]> {
  if (!config.databaseUrl && !existsSync(join(config.dataDir, "postgres", "PG_VERSION")))
    return [fine("database", "none yet: bun run start makes one")];
  let seen: Database;
  try {
    seen = await lookAt(await reach(), config.agentName, config.mode);
  } catch (error) {
    // Messages of the driver may quote the address and with it a password.
    const reason = (error as { code?: string }).code ?? "no answer";
    const cure = config.databaseUrl
      ? "Check that it runs, and the user and password of DATABASE_URL."
      : `See ${config.dataDir}/postgres.log.`;
    return [fail("database", `cannot be used (${reason})`, cure)];
  }
  return [checkVersion(seen), checkMigrations(seen), checkClock(seen), ...checkContent(seen)];
}

function checkVersion({ version }: Database): Finding {
  const name = `Postgres ${Math.floor(version / 10_000)}${config.databaseUrl ? "" : ", embedded"}`;
  return version >= 150_000 ? fine("database", name) : fail("database", name, "Moltbot needs Postgres 15 or newer.");
}

function checkMigrations({ migrations }: Database): Finding {
  const known = knownMigrations();
  const missing = known.filter((version) => !migrations.includes(version)).length;
  if (migrations.some((version) => !known.includes(version)))
    return fail("migrations", "the database is newer than this version of Moltbot", "Update Moltbot.");
  if (missing === 0) return fine("migrations", `all ${known.length} are applied`);
  return fail("migrations", `${missing} of ${known.length} are missing`, "Apply them: bun run job migrate, or start Moltbot.");
}

function checkClock({ now }: Database): Finding {
  const seconds = Math.abs(now - Date.now()) / 1000;
  const seen = `${seconds.toFixed(1)} s between this machine and the database`;
  return seconds < 5 ? fine("clock", seen) : warn("clock", seen, "Let both keep time by NTP: limits and schedules go by it.");
}

function checkContent({ migrations, fault, role, unprepared, heartbeat, verified }: Database): Finding[] {
  if (!role || !unprepared) {
    if (knownMigrations().some((version) => !migrations.includes(version))) return [];
    return [fail("records", `cannot be looked at (${fault})`, GONE)];
  }
  return [checkRole(role), checkPartitions(unprepared), checkHeartbeat(heartbeat), checkChain(verified)];
}

function checkRole({ isOurs, mayRecord, mayForge }: NonNullable<Database["role"]>): Finding {
  const asOwner = "Connect as the user who owns the database, or let this one be a member: grant moltbot_app to it.";
  if (!isOurs) return fail("rights", "the user may not become the app's role, moltbot_app", asOwner);
  if (!mayRecord) return fail("rights", "the app's role moltbot_app lacks rights", "Grant them anew, as the files in db/migrations do.");
  if (mayForge)
    return fail(
      "rights",
      "the app's role could change the audit chain",
      "Revoke them: revoke all on audit_log from moltbot_app; then grant select.",
    );
  return fine("rights", "the app's role may record, and cannot touch the audit chain");
}

function checkPartitions(unprepared: string[]): Finding {
  if (unprepared.length === 0) return fine("partitions", "this month's and the next one's are there");
  return fail("partitions", `not there: ${unprepared.join(", ")}`, "Make them: bun run job maintain. It runs daily while Moltbot does.");
}

function checkHeartbeat(heartbeat: Database["heartbeat"]): Finding {
  if (!heartbeat) return fine("heartbeat", "none yet");
  const [first, second] = nextTimes(config.heartbeatSchedule, config.heartbeatTimezone, 2);
  const hours = (Date.now() - heartbeat.at.getTime()) / HOUR;
  const seen = `the last one began ${hours.toFixed(1)} h ago: ${heartbeat.status}`;
  const period = first && second ? (second.getTime() - first.getTime()) / HOUR : 24;
  if (hours > 2 * period + 1) return warn("heartbeat", seen, "More than one was missed: is Moltbot running, or the schedule paused?");
  const isBad = ["failed", "timed_out", "lost"].includes(heartbeat.status);
  return isBad ? warn("heartbeat", seen, "Its page in the dashboard says why.") : fine("heartbeat", seen);
}

function checkChain(verified: Database["verified"]): Finding {
  const cure = "Recompute it: bun run job verify-audit. The schedule does daily.";
  if (!verified) return warn("audit chain", "was never verified", cure);
  if (verified.fault)
    return fail(
      "audit chain",
      `is broken at ${verified.fault}`,
      "Somebody changed the record: keep a copy of the database, and find out who can write to it.",
    );
  const days = (Date.now() - verified.at.getTime()) / (24 * HOUR);
  const seen = `verified ${days.toFixed(1)} days ago`;
  return days > 2 ? warn("audit chain", seen, cure) : fine("audit chain", seen);
}
