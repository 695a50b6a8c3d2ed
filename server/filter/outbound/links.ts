import { isRandom } from "./secrets.ts";

const LINK = /(?<![\w.+-])(?:https?|ftp|wss?|file):\/\/(?:[^\s<>"'`|\\^{}()[\]]|\([^\s()]{0,200}\)){1,2000}/gi;

/** Longest query and fragment together, path segment, value and label of a host that a link needs to lead somewhere. */
const MOST = { query: 100, segment: 100, value: 40, label: 30 };

/**
 * Whether a text holds a link that must not go out: anything but https, one to an address instead of a name, with a port, a user or a
 * password, or one that could carry data to whoever keeps its host. Those to www.moltbook.com may have any query.
 */
export function holdsBadLink(text: string): boolean {
  return text.includes("://") && (text.match(LINK)?.some((link) => !isGoodLink(link.replace(/[.,;:!?*]+$/, ""))) ?? false);
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
