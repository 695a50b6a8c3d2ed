import { basename } from "node:path";

import { config } from "../../config.ts";
import { AppError } from "../../errors.ts";
import { describe, log } from "../../log.ts";
import { insertEvent } from "../../security/queries.ts";
import { type Model, openModel } from "./model.ts";
import { isFolder, missingPart, modelFolder, runtimeFolder } from "./place.ts";
import { type ModelFiles, startModelProcess } from "./process.ts";
import type { ModelStatus } from "./schema.ts";

/** Memory that the model's process may take: twice what the default model needs. */
const MEMORY_LIMIT = 2.5 * 1024 ** 3;

/** How long a response may wait for the model. */
const TIMEOUT_MS = 10_000;

const OFF: ModelStatus = { state: "off", since: new Date().toISOString(), reason: null };

let opened: Model | undefined;

/** The model of this process, by its configuration, or null where it is off. An outage becomes a security event of the agent. */
export function openFilterModel(agentId: string): Model | null {
  const { enabled, threshold, name } = config.filterModel;
  if (!enabled) return null;
  opened = openModel({
    ...files(),
    name: isFolder(name) ? basename(name) : name,
    threshold,
    timeoutMs: TIMEOUT_MS,
    onOutage: (reason, since) => {
      recordOutage(agentId, name, reason, since).catch((error: unknown) => log.error("filter_model.outage_not_recorded", describe(error)));
    },
  });
  return opened;
}

/** How the model of this process is. */
export function filterModelStatus(): ModelStatus {
  return opened?.status() ?? OFF;
}

/** Loads the configured model once and answers its digest. Throws AppError `invalid` with what is wrong with it. */
export async function checkModel(): Promise<string> {
  const { ready, ended, kill } = startModelProcess(files());
  const outcome = await Promise.race([ready.then((digest) => ({ digest })), ended.then((reason) => ({ reason }))]);
  kill("it was only tried");
  if ("digest" in outcome) return outcome.digest;
  throw new AppError("invalid", `The model does not load: ${outcome.reason}. CONTENT_FILTER_MODEL needs a text classifier in ONNX.`);
}

/** Whether the model is on and cannot be, because it was never downloaded. */
export function isFilterModelMissing(): boolean {
  const { folder, runtime } = files();
  return config.filterModel.enabled && missingPart(folder, runtime) !== null;
}

function files(): ModelFiles {
  const { name } = config.filterModel;
  const folder = modelFolder(name, config.dataDir);
  return { folder, runtime: runtimeFolder(config.dataDir), memoryLimit: MEMORY_LIMIT, path: config.path };
}

function recordOutage(agentId: string, model: string, reason: string, since: Date): Promise<void> {
  return insertEvent({
    agentId,
    mode: config.mode,
    type: "filter_model_degraded",
    severity: "medium",
    title: "The filter's model does not answer: rules alone judge, and doubtful texts are marked",
    detail: { model, reason },
    fingerprint: { model, since: since.toISOString() },
    at: since,
  });
}
