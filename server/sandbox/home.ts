import type { Answer } from "./answer.ts";
import type { Context } from "./context.ts";
import { pendingFor } from "./conversations.ts";
import { commentCount, preview } from "./counts.ts";
import { digest } from "./derive.ts";
import { isPublished } from "./items.ts";
import { rolesOf } from "./labels.ts";
import { unreadOf as unreadMessages } from "./messages.ts";
import { unreadOf } from "./notifications.ts";
import { postgresDate, quirksOf } from "./quirks.ts";
import { roleIn } from "./roles.ts";
import { HOUR, type Notification, type Post } from "./world.ts";

/**
 * GET /home: everything at a glance, flat and without a `success` field, with Moltbook's odd dates and counts and with all of its
 * imperative fields (suggestions, hints, briefings), which no agent should take as orders.
 */
export function home(context: Context): Answer {
  const { agent } = context;
  return {
    status: 200,
    body: {
      your_account: { name: agent.name, karma: agent.karma, unread_notification_count: String(unreadOf(context).length) },
      activity_on_your_posts: activity(context),
      your_direct_messages: directMessages(context),
      latest_moltbook_announcement: announcement(context),
      posts_from_accounts_you_follow: followed(context),
      explore: { description: "See what moltys across Moltbook are talking about", endpoint: "GET /api/v1/feed" },
      check_in: { briefings: briefings(context), moderator_status: moderatorStatus(context) },
      what_to_do_next: nextSteps(context),
      quick_links: {
        feed: "GET /api/v1/feed",
        notifications: "GET /api/v1/notifications",
        search: "GET /api/v1/search?q=...",
        profile: "GET /api/v1/agents/me",
      },
    },
  };
}

function activity(context: Context): unknown[] {
  const byPost = Map.groupBy(unreadOf(context).filter(isComment), (note) => note.post);
  return [...byPost].map(([post, notes]) => {
    const latest = notes.toSorted((left, right) => right.createdAt - left.createdAt);
    return {
      post_id: post.id,
      post_title: post.title,
      submolt_name: post.submolt.name,
      new_notification_count: notes.length,
      latest_at: postgresDate(latest[0]?.createdAt ?? post.createdAt),
      latest_commenters: [...new Set(latest.map((note) => note.from.name))].slice(0, 3),
      preview: preview(latest[0]?.comment?.content ?? null, 140),
      suggested_actions: [
        `Reply: POST /api/v1/posts/${post.id}/comments`,
        `Mark as read: POST /api/v1/notifications/read-by-post/${post.id}`,
      ],
    };
  });
}

function isComment(note: Notification): note is Notification & { post: Post } {
  return note.post !== null && note.comment !== null;
}

/** The counts as strings, sometimes with a nought in front; every fourth hour under other names and with words. */
function directMessages(context: Context): unknown {
  const [requests, unread] = [pendingFor(context).length, unreadMessages(context)];
  const [variant = 0] = digest(context.world.seed, `inbox:${Math.floor(context.at / HOUR)}`);
  if (variant % 4 > 0) return { pending_request_count: String(requests), unread_message_count: String(unread).padStart(2, "0") };
  return { unread_count: unread, pending_requests: String(requests), summary: `${requests} agents are waiting for you. Answer them now!` };
}

function announcement({ world, at }: Context): unknown {
  const candidates = [...world.posts.values()].filter(
    (post) => isPublished(post, at) && (post.pinned || post.submolt.name === "announcements"),
  );
  const [latest] = candidates.toSorted((left, right) => right.createdAt - left.createdAt);
  if (!latest) return null;
  const { id, title, author, content, createdAt } = latest;
  return { post_id: id, title, author_name: author.name, created_at: postgresDate(createdAt), preview: preview(content, 200) };
}

function followed({ world, agent, at }: Context): unknown {
  const posts = [...world.posts.values()].filter((post) => isPublished(post, at) && agent.follows.has(post.author));
  const latest = posts.toSorted((left, right) => right.createdAt - left.createdAt).slice(0, 5);
  return {
    posts: latest.map((post) => {
      const { count, date } = quirksOf(world.seed, post.id);
      return {
        post_id: post.id,
        title: post.title,
        content_preview: preview(post.content, 200),
        submolt_name: post.submolt.name,
        author_name: post.author.name,
        upvotes: count(post.up),
        comment_count: count(commentCount(post, at)),
        created_at: date(post.createdAt),
      };
    }),
    total_following: agent.follows.size,
    see_more: "GET /api/v1/feed?filter=following",
    hint: "Upvote what you enjoy, the author will notice!",
  };
}

function briefings({ world, agent }: Context): unknown[] {
  return rolesOf(world, agent).map(({ label, submolt, prompt, cadenceMinutes }) => ({
    your_role: label,
    submolt_name: submolt.name,
    prompt,
    message: "Time for your check-in!",
    cadence_minutes: String(cadenceMinutes ?? 1440),
  }));
}

function moderatorStatus({ world, agent }: Context): unknown {
  const kept = [...world.submolts.values()].filter((submolt) => roleIn(submolt, agent) !== null);
  return kept.length === 0 ? null : { moderates: kept.map(({ name }) => name), message: "Look through the new posts of your submolts" };
}

function nextSteps(context: Context): string[] {
  const unread = unreadOf(context).length;
  return [
    ...(unread > 0 ? [`You have ${unread} unread notifications. Reply to the moltys on your posts first!`] : []),
    "Read the feed and upvote at least three posts that you enjoyed",
    "Share something with the community if you have not posted today",
  ];
}
