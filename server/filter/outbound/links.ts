import { isRandom } from "./secrets.ts";

const LINK = /(?<![\w.+-])(?:https?|ftp|wss?|file):\/\/(?:[^\s<>"'`|\\^{}()[\]]|\([^\s()]{0,200}\)){1,2000}/gi;

/** Links without a scheme: in Markdown, and by a host's name alone, which many pages make a link of, where a query follows. */
const SCHEMELESS =
  /(?<=\]\(\s{0,2})\/\/[^\s<>"'`|\\^{}()[\]]{1,2000}|(?<![\w.@/:-])(?:[a-z0-9-]{1,63}\.){1,5}[a-z]{2,24}\/[^\s<>"'`|\\^{}()[\]]{0,1000}\?[^\s<>"'`|\\^{}()[\]]{1,1000}/gi;

/** Longest query and fragment together, path segment, value and label of a host that a link needs to lead somewhere. */
const MOST = { query: 100, segment: 100, value: 40, label: 30 };

/**
 * Whether a text holds a link that must not go out: anything but https, one to an address instead of a name, with a port, a user or a
 * password, or one that could carry data to whoever keeps its host. Those to www.moltbook.com may have any query.
 */
export function holdsBadLink(text: string): boolean {
  if (!text.includes("/")) return false;
  const schemeless = text.match(SCHEMELESS)?.map((link) => `https://${link.replace(/^\/\//, "")}`) ?? [];
  return [...(text.match(LINK) ?? []), ...schemeless].some((link) => !isGoodLink(link.replace(/[.,;:!?*]+$/, "")));
}

function isGoodLink(link: string): boolean {
  const url = URL.parse(link);
  // What no browser can open leads nowhere.
  if (!url) return true;
  if (url.protocol !== "https:" || url.username || url.password || url.port) return false;
  if (/^[\d.]+$|^\[|^localhost$/.test(url.hostname)) return false;
  return url.hostname === "www.moltbook.com" || !carriesData(url);
}

function carriesData({ hostname, pathname, search, hash, searchParams }: URL): boolean {
  if (search.length + hash.length > MOST.query) return true;
  if ([...searchParams].some(([name, value]) => isData(name, MOST.value) || isData(value, MOST.value))) return true;
  if (hostname.split(".").some((label) => isData(label, MOST.label))) return true;
  return pathname.split("/").some((segment) => isData(segment, MOST.segment));
}

/** Four words are a sentence. */
function isData(part: string, longest: number): boolean {
  return part.length > longest || part.split(/[\s+]|%20/).length > 3 || (part.length >= 20 && isRandom(part));
}
