/** Longest query or fragment of a link that is taken for a plain address; what is longer can hold more than an address needs. */
const LONGEST_QUERY = 48;
const LONGEST_PATH = 400;

/** Longest name of a host, and of a part of one, that is taken for a plain address: names carry data too, to whoever answers for them. */
const LONGEST_HOST = 80;
const LONGEST_LABEL = 40;

/** A target in Markdown's parentheses, which may hold one pair of them. */
const TARGET = String.raw`\(\s{0,8}<?((?:[a-z][a-z0-9+.-]{0,20}:|//)(?:[^\s()<>]|\([^\s()<>]{0,200}\)){0,4000})>?(?:\s[^()\n]{0,300})?\)`;

/** An image in Markdown or HTML, whose address whoever shows it fetches unasked. */
const MARKDOWN_IMAGE = new RegExp(String.raw`!\[([^[\]\n]{0,300})\]${TARGET}`, "gi");
const HTML_IMAGE = /<img\b[^<>]{0,4000}>/gi;
const SOURCE = /\bsrc\s{0,4}=\s{0,4}["']?((?:[a-z][a-z0-9+.-]{0,20}:|\/\/)[^\s"'<>]{1,4000})/i;

/** An address as far as it certainly goes. The character behind it tells whether somebody is meant to complete it. */
const LINK =
  /(?:https?|ftp|wss?):\/\/(?:[^\s/?#@"'`()[\]{}<>|\\^]{0,200}@)?(?:\[[0-9a-f:.]{2,45}\])?[^\s"'`()[\]{}<>|\\^]{0,4000}(?=([[{<]?))/gi;

/** What ends a sentence rather than an address. */
const STOPS = /[.,;:!?*_~]+$/;

/**
 * A text in which no address can carry data out when it is shown, followed or passed on: images become `[image from example.com]`, with their
 * description behind it, and links become `[link to example.com]` where their query is long or waits to be filled in, or where they name a host by
 * its number or carry a user's name. Other links stay, and a text without an address stays as it is. Time is linear in the length.
 */
export function defang(text: string): string {
  if (!text.includes("://") && !text.includes("](") && !/<img\b/i.test(text)) return text;
  return text
    .replace(MARKDOWN_IMAGE, (_, description: string, address: string) => `${labelOf("image from", address)} ${description}`.trimEnd())
    .replace(HTML_IMAGE, (tag) => {
      const address = SOURCE.exec(tag)?.[1];
      return address === undefined ? tag : labelOf("image from", address);
    })
    .replace(LINK, (found, next: string) => {
      const address = found.replace(STOPS, "");
      return carries(address, next) ? labelOf("link to", address) + found.slice(address.length) : found;
    });
}

function labelOf(what: string, address: string): string {
  const host = hostOf(address);
  return host === null ? `[${what} an address]` : `[${what} ${host.length > 60 ? host.slice(-60) : host}]`;
}

/** The host as resolvers see it, or null: nothing of an address that cannot be read, or has none, is shown. */
function hostOf(address: string): string | null {
  const url = parse(address);
  return url !== null && /^[a-z0-9.:[\]-]{1,255}$/.test(url.host) ? url.host : null;
}

function parse(address: string): URL | null {
  return URL.parse(address.startsWith("//") ? `https:${address}` : address);
}

/** An IPv4 address as URL parsers write it, whatever the spelling it had, or an IPv6 address. */
const NUMBER = /^(?:\d{1,3}(?:\.\d{1,3}){3}|\[.*\])$/;

/** A name that resolvers take; parsers let more through, such as `=`. */
const NAME = /^[a-z0-9._-]*$/;

/** What stands for data to be filled in: an empty value, `KEY_HERE`, `%s`, `$KEY`. */
const GAP = /=(?:&|$)|(?<![A-Za-z])[A-Z]{2,20}_[A-Z_]{2,40}(?![A-Za-z])|%(?![0-9A-Fa-f]{2})|\$[A-Za-z_(]/;

function carries(address: string, next: string): boolean {
  const url = parse(address);
  // An address inside an address is another one's to follow.
  if (url === null || next !== "" || address.indexOf("://") !== address.lastIndexOf("://")) return true;
  const { hostname, pathname, search, hash, username, password } = url;
  if (username !== "" || password !== "" || NUMBER.test(hostname) || !NAME.test(hostname)) return true;
  if (hostname.length > LONGEST_HOST || hostname.split(".").some((label) => label.length > LONGEST_LABEL)) return true;
  return pathname.length > LONGEST_PATH || search.length > LONGEST_QUERY || hash.length > LONGEST_QUERY || GAP.test(address);
}
