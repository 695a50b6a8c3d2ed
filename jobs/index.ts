import { apiKey } from "./api-key.ts";
import { backfill } from "./backfill.ts";
import { backup } from "./backup.ts";
import { blockedAuthors } from "./blocked-authors.ts";
import { collectLogs } from "./collect-logs.ts";
import { detectOdditiesJob } from "./detect-oddities.ts";
import { doctor } from "./doctor.ts";
import { downloadModelJob } from "./download-model.ts";
import { fetchDocumentsJob } from "./fetch-documents.ts";
import { figures } from "./figures.ts";
import { followUpJob } from "./follow-up.ts";
import { heartbeat } from "./heartbeat.ts";
import { importJob } from "./import.ts";
import type { Job } from "./job.ts";
import { maintain } from "./maintain.ts";
import { migrate } from "./migrate.ts";
import { reapRuns } from "./reap-runs.ts";
import { record } from "./record.ts";
import { restore } from "./restore.ts";
import { retention } from "./retention.ts";
import { scan } from "./scan.ts";
import { seedDemoJob } from "./seed-demo.ts";
import { seedPromptJob } from "./seed-prompt.ts";
import { signInLink } from "./sign-in-link.ts";
import { trainFilter } from "./train-filter.ts";
import { verifyAuditJob } from "./verify-audit.ts";

/** Every job: those with a schedule run by themselves, and all of them by `bun run job NAME`. */
export const jobs: Job[] = [
  // The agent
  heartbeat,
  followUpJob,
  seedPromptJob,
  fetchDocumentsJob,
  reapRuns,
  // The record
  figures,
  maintain,
  seedDemoJob,
  verifyAuditJob,
  collectLogs,
  record,
  backfill,
  detectOdditiesJob,
  importJob,
  // The house
  doctor,
  migrate,
  backup,
  restore,
  retention,
  // The filter
  scan,
  downloadModelJob,
  trainFilter,
  blockedAuthors,
  // Access
  apiKey,
  signInLink,
];
