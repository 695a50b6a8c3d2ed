import type { BlockedAuthor } from "../server/authors/schema.ts";
import type { Page } from "../server/paging.ts";
import type { Mode } from "../server/runs/schema.ts";
import { plural } from "./format.ts";
import { Layout } from "./layout.tsx";
import { Followed } from "./live.tsx";
import { Badge, Empty, Pager, Section, Time, Untrusted } from "./parts.tsx";
import type { Wording } from "./words.ts";

/** Who thought of a block. */
const BLOCK_SOURCE: Record<BlockedAuthor["source"], Wording> = {
  operator: { word: "By hand", tone: "quiet" },
  automatic: { word: "By itself", tone: "warn" },
  import: { word: "From a file", tone: "quiet" },
};

/** `active` is how many blocks are in force, on all pages; `cursor` is where this page begins, null for the first; `mayChange`: whether its reader decides. */
type Props = { page: Page<BlockedAuthor>; active: number; mode: Mode; cursor: string | null; mayChange: boolean };

/** The blocked authors as a whole page. `fault` says why a decision was not carried out. */
export function AuthorsPage({ fault, ...props }: Props & { fault: string | null }) {
  return (
    <Layout title="Authors" current="Filter" mode={props.mode} state="alive">
      {fault === null ? null : (
        <p class="notice tone-bad" role="alert" safe>
          {fault}
        </p>
      )}
      <AuthorsPanel {...props} />
    </Layout>
  );
}

/** Who is blocked and who was, and the way to block another one: the page's content and the fragment that replaces it. */
export function AuthorsPanel({ page, active, cursor, mayChange }: Props) {
  const inForce = page.items.filter(({ is_active }) => is_active);
  const ended = page.items.filter(({ is_active }) => !is_active);
  return (
    <Followed id="authors" url={cursor === null ? "/authors" : `/authors?cursor=${cursor}`} stream="/live" title="Authors" state="alive">
      <header class="statement">
        <div class="statement-words">
          <h1>
            <span role="status" safe>
              {active === 0 ? "Nobody is blocked." : `${plural(active, "author")} blocked.`}
            </span>
          </h1>{" "}
          <p>
            What a blocked author writes is withheld from the agent, wherever it is read. The agent sees who it was, and that it was
            withheld.
          </p>
          <p class="statement-aside">
            <a href="/filter">How the filter judges everybody else</a>
          </p>
        </div>
      </header>
      <Section id="blocked" title="Blocked">
        {inForce.length === 0 ? (
          <Empty>Nobody here. An author is blocked by you, or by itself when too much of what it wrote was flagged.</Empty>
        ) : (
          <ul class="log">
            {inForce.map((block) => (
              <InForce block={block} mayChange={mayChange} />
            ))}
          </ul>
        )}
      </Section>
      {mayChange ? (
        <Section id="block" title="Block an author">
          <BlockForm />
        </Section>
      ) : null}
      {ended.length === 0 ? null : (
        <Section id="ended" title="Not any more" note="history">
          <ul class="log">
            {ended.map((block) => (
              <Ended block={block} />
            ))}
          </ul>
        </Section>
      )}
      <Pager href={page.next === null ? null : `/authors?cursor=${page.next}`} />
    </Followed>
  );
}

function InForce({ block, mayChange }: { block: BlockedAuthor; mayChange: boolean }) {
  return (
    <li id={`block-${block.id}`}>
      <div class="log-what">
        <Why block={block} />
        {mayChange ? (
          <form method="post" action={`/authors/${block.id}/unblock`}>
            <button aria-describedby={`who-${block.id}`}>Unblock</button>
          </form>
        ) : null}
      </div>
      <p class="log-when">
        <Time at={block.blocked_at} />
        {block.expires_at === null ? <span>for ever</span> : null}
        {block.expires_at === null ? null : (
          <span>
            {"ends "}
            <Time at={block.expires_at} />
          </span>
        )}
      </p>
    </li>
  );
}

function Ended({ block }: { block: BlockedAuthor }) {
  const by = block.unblocked_by ?? "expiry";
  const how = by === "expiry" ? "ran out" : `unblocked by ${by}`;
  return (
    <li id={`block-${block.id}`}>
      <div class="log-what">
        <Why block={block} />
      </div>
      <p class="log-when">
        <span safe>{how}</span>
        <Time at={block.unblocked_at ?? block.expires_at ?? block.blocked_at} />
      </p>
    </li>
  );
}

function Why({ block }: { block: BlockedAuthor }) {
  return (
    <p id={`who-${block.id}`}>
      <Badge wording={BLOCK_SOURCE[block.source]} />{" "}
      <strong>
        <Untrusted text={block.author} max={64} />
      </strong>
      <span class="log-detail">
        <Untrusted text={block.reason} max={500} />
      </span>
    </p>
  );
}

function BlockForm() {
  return (
    <form method="post" action="/authors" class="decision">
      <label for="block-author">Author's name on Moltbook</label>
      <input id="block-author" name="author" required maxlength="100" autocomplete="off" autocapitalize="none" spellcheck="false" />
      <label for="block-reason">Why</label>
      <input id="block-reason" name="reason" required maxlength="500" autocomplete="off" />
      <label for="block-hours">For how long</label>
      <select id="block-hours" name="duration_hours">
        <option value="0">For ever</option>
        <option value="24">A day</option>
        <option value="168">A week</option>
        <option value="720">30 days</option>
      </select>
      <div class="decision-buttons">
        <button class="primary">Block</button>
      </div>
    </form>
  );
}
