import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";

import { AppError } from "../../errors.ts";
import { MODEL_FILES } from "./place.ts";

/** Redirects followed within the hub itself: a model that was renamed, or the hub's own cache. */
const MOST_REDIRECTS = 3;

/** What the hub says of a file before it is fetched: at which address and commit, and its digest. */
type Listed = { url: string; commit: string | null; digest: Digest };
type Digest = { algorithm: "sha256" | "git-sha1"; hex: string; bytes: number };

/**
 * Fetches a model of a hub (https://huggingface.co/docs/hub/api, its `resolve` addresses) into `folder`, all its files of one commit, each checked
 * against the digest that the hub lists: SHA-256 for large files, Git's blob id for small ones. Files that are there already and right are kept. The
 * folder changes only when all is well. Answers the commit. Throws AppError.
 */
export async function downloadModel(hub: string, model: string, folder: string, report: (line: string) => void): Promise<string> {
  const draft = `${folder}.new`;
  rmSync(draft, { recursive: true, force: true });
  let commit = "main";
  for (const file of MODEL_FILES) {
    const listed = await look(`${hub}/${model}/resolve/${commit}/${file}`, file);
    commit = listed.commit ?? commit;
    mkdirSync(dirname(join(draft, file)), { recursive: true });
    const isHere = await holds(join(folder, file), listed.digest);
    if (isHere) copyFileSync(join(folder, file), join(draft, file));
    else await fetchFile(listed, file, join(draft, file));
    report(`${file}: ${isHere ? "is here" : `${listed.digest.bytes} bytes`}, ${listed.digest.algorithm} ${listed.digest.hex}`);
  }
  rmSync(folder, { recursive: true, force: true });
  renameSync(draft, folder);
  return commit;
}

/** Asks for a file's headers. Redirects to other hosts are left for the download itself: the digest is in the hub's own answer. */
async function look(start: string, file: string): Promise<Listed> {
  let url = start;
  for (let turn = 0; turn <= MOST_REDIRECTS; turn += 1) {
    const { status, headers } = await request(url, "HEAD", "manual");
    const location = headers.get("location");
    const digest = digestOf(headers);
    if (digest && status < 400) return { url: start, commit: headers.get("x-repo-commit"), digest };
    if (status < 300 || status >= 400 || !location?.startsWith("/")) {
      const why = status < 400 ? "names no digest for it" : `answered ${status}`;
      throw new AppError("unavailable", `${file} cannot be fetched: the hub ${why}. Check CONTENT_FILTER_MODEL, or name a folder there.`);
    }
    url = new URL(location, url).href;
  }
  throw new AppError("unavailable", `${file} cannot be fetched: the hub redirects without end. Try again later.`);
}

function digestOf(headers: Headers): Digest | null {
  const tag = headers.get("x-linked-etag") ?? headers.get("etag") ?? "";
  const hex = /^(?:W\/)?"?([0-9a-f]{64}|[0-9a-f]{40})"?$/.exec(tag)?.[1];
  const bytes = Number(headers.get("x-linked-size") ?? headers.get("content-length") ?? Number.NaN);
  if (hex === undefined || !Number.isSafeInteger(bytes)) return null;
  return { algorithm: hex.length === 64 ? "sha256" : "git-sha1", hex, bytes };
}

async function fetchFile({ url, digest }: Listed, file: string, path: string): Promise<void> {
  const response = await request(url, "GET", "follow");
  if (!response.ok || !response.body) throw new AppError("unavailable", `${file} cannot be fetched: the hub answered ${response.status}.`);
  const hasher = hasherOf(digest);
  const writer = Bun.file(path).writer();
  let bytes = 0;
  for await (const chunk of response.body) {
    bytes += chunk.length;
    if (bytes > digest.bytes) break;
    hasher.update(chunk);
    await writer.write(chunk);
  }
  await writer.end();
  if (bytes === digest.bytes && hasher.digest("hex") === digest.hex) return;
  throw new AppError(
    "unavailable",
    `${file} is not what the hub lists (${digest.algorithm} ${digest.hex}), so it was not kept. Try again.`,
  );
}

async function holds(path: string, digest: Digest): Promise<boolean> {
  if (!existsSync(path) || Bun.file(path).size !== digest.bytes) return false;
  const hasher = hasherOf(digest);
  for await (const chunk of Bun.file(path).stream()) hasher.update(chunk);
  return hasher.digest("hex") === digest.hex;
}

/** Git names a file by the SHA-1 of a header and its content (gitformat-pack, "blob"). */
function hasherOf({ algorithm, bytes }: Digest): Bun.CryptoHasher {
  return algorithm === "sha256" ? new Bun.CryptoHasher("sha256") : new Bun.CryptoHasher("sha1").update(`blob ${bytes}\0`);
}

async function request(url: string, method: "GET" | "HEAD", redirect: "manual" | "follow"): Promise<Response> {
  try {
    return await fetch(url, { method, redirect, headers: { "accept-encoding": "identity" } });
  } catch (error) {
    throw new AppError("unavailable", `The hub cannot be reached at ${new URL(url).origin}. Check the network, or the option --hub.`, {
      cause: error,
    });
  }
}
