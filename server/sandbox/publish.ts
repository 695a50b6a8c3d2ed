import { planReactions } from "./life.ts";
import { announce } from "./notify.ts";
import type { Comment, Post, World } from "./world.ts";

const CRYPTO =
  /\b(?:bitcoin|btc|ethereum|solana|dogecoin|stablecoins?|memecoins?|altcoins?|crypto(?:currency|currencies)?|airdrops?|presale|token launch|0x[0-9a-f]{40})\b|\$[A-Z]{2,8}\b/iu;

/** Makes a post or comment visible, with all that follows: the crypto rule, a ban that nobody is told of, the notifications, and what others will make of it. */
export function publish(world: World, item: Post | Comment, at: number): void {
  item.status = "verified";
  if (item.kind === "post" && !item.submolt.allowCrypto && CRYPTO.test(`${item.title}\n${item.content ?? ""}`)) item.removed = true;
  item.shadowed = item.author.shadowBanned;
  announce(world, item, at);
  planReactions(world, item, at);
}
