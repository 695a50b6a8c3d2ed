import { homedir } from "node:os";
import { resolve } from "node:path";

import { config } from "../../config.ts";

const MAIL = /[\w+-]@(?<domain>[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,4}\.[a-z]{2,24})(?![\w@-])/gi;
const SPELLED_MAIL = /\w\s?[([{]at[)\]}]\s?[\w-]{1,63}\s?(?:\.|[([{]dot[)\]}])\s?[a-z]{2,24}/i;

/** Domains that are nobody's (RFC 2606), and the address that git writes to where there is no mailbox. */
const NOBODYS = /(?:^|\.)(?:example(?:\.(?:com|net|org))?|invalid|test|localhost)$/i;
const GIT = /^(?:github|gitlab)\.com$/i;

/** Whether a text holds an e-mail address of somebody. */
export function holdsAddress(text: string): boolean {
  if (SPELLED_MAIL.test(text)) return true;
  return (
    text.includes("@") &&
    [...text.matchAll(MAIL)].some(({ groups }) => !NOBODYS.test(groups?.domain ?? "") && !GIT.test(groups?.domain ?? ""))
  );
}

const HOME = /(?<![\w/.])(?:\/(?:home|Users)\/|[a-z]:\\{1,2}Users\\{1,2}|\/mnt\/[a-z]\/Users\/)(?<owner>[\w.-]{1,64})/gi;
/** Names that stand for whoever reads. */
const ANYONE = /^(?:user|username|you|your-?name|me|name|someone|agent|app|node|ubuntu|runner|shared|public|alice|bob|\.{2,}.*)$/i;
const KEPT = /(?:~|\$HOME|\/root)\/\.(?:ssh|aws|gnupg|kube|docker|netrc|git-credentials|npmrc|pgpass|[a-z]{2,10}_history)\b/i;
const OWN = [resolve(config.dataDir), homedir()].filter((path) => path.split("/").length > 2);

/** Whether a text holds a path that tells about the machine that we run on: a person's folder, a place of keys, or our own. */
export function holdsPrivatePath(text: string): boolean {
  if (!/[/\\]/.test(text)) return false;
  if (KEPT.test(text) || OWN.some((path) => text.includes(path))) return true;
  return [...text.matchAll(HOME)].some(({ groups }) => !ANYONE.test(groups?.owner ?? ""));
}

/** RFC 1918, link-local and unique local addresses. */
const PRIVATE_IP =
  /(?<![\w.])(?:10(?:\.\d{1,3}){3}|192\.168(?:\.\d{1,3}){2}|172\.(?:1[6-9]|2\d|3[01])(?:\.\d{1,3}){2}|169\.254(?:\.\d{1,3}){2}|f(?:e80|[cd][0-9a-f]{2}):[0-9a-f:]{2,40})(?!\.?\d)/gi;
/** The first networks of each range, which stand in every router's manual and tell about nobody. */
const EVERYBODYS = /^(?:10\.0\.0|192\.168\.[01]|172\.16\.0)\.|^169\.254\.169\.254$/;
const PRIVATE_NAME =
  /(?<![\w.-])(?<name>[\w-]{1,63}(?:\.[\w-]{1,63}){0,3}\.(?:internal|local|lan|corp|intranet|home\.arpa))(?![\w-]|\.\w)/gi;
const KNOWN_NAME = /^(?:host|gateway)\.docker\.internal$|\.cluster\.local$|^metadata\.google\.internal$/i;

/** Whether a text names a host or address inside somebody's network. That there is a localhost is no secret; see `faultOf` for links there. */
export function holdsPrivateHost(text: string): boolean {
  return (
    [...text.matchAll(PRIVATE_IP)].some(([address]) => !EVERYBODYS.test(address)) ||
    [...text.matchAll(PRIVATE_NAME)].some(({ groups }) => !KNOWN_NAME.test(groups?.name ?? ""))
  );
}
