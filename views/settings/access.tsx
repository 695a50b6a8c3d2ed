import type { ApiKey, Role, Scope, User } from "../../server/auth/schema.ts";
import type { Setting } from "../../server/auth/settings/in-force.ts";
import { Badge, Empty, Section, Time, Untrusted } from "../parts.tsx";
import type { Wording } from "../words.ts";

/** What operators see of the settings, and viewers do not. */
export type Managed = { users: User[]; keys: ApiKey[]; settings: Setting[] };

const ROLE: Record<Role, Wording> = {
  operator: { word: "Operator", tone: "ok" },
  viewer: { word: "Viewer", tone: "quiet" },
};

/** What a key's scope opens. */
const SCOPE: Record<Scope, string> = { read: "reads", write: "reads and changes", ingest: "reports runs, and nothing else" };

/** Who may sign in, those who could once, and the way to let another one in. */
export function Users({ users, self }: { users: User[]; self: string }) {
  return (
    <Section id="users" title="People">
      <ul class="log">
        {users.map((user) => (
          <li>
            <div class="log-what">
              <p id={`user-${user.id}`}>
                <strong safe>{user.name}</strong>{" "}
                <Badge wording={user.disabled_at === null ? ROLE[user.role] : { word: "Disabled", tone: "bad" }} />
                <span class="log-detail">{user.has_password ? "has a password" : "signs in by links"}</span>
              </p>
              {user.disabled_at === null ? (
                <div class="settings-doing">
                  <form method="post" action={`/settings/users/${user.id}/link`}>
                    <button aria-describedby={`user-${user.id}`}>New link</button>
                  </form>
                  {user.id === self || user.name === "operator" ? null : (
                    <form method="post" action={`/settings/users/${user.id}/disable`}>
                      <button aria-describedby={`user-${user.id}`}>Disable</button>
                    </form>
                  )}
                </div>
              ) : null}
            </div>
            <p class="log-when">
              <Seen user={user} />
            </p>
          </li>
        ))}
      </ul>
      <form method="post" action="/settings/users" class="decision settings-new">
        <label for="user-name">Name of somebody new</label>
        <input
          id="user-name"
          name="name"
          required
          maxlength="40"
          pattern="[A-Za-z0-9_\-]+"
          title="Letters, digits, - and _"
          autocomplete="off"
          autocapitalize="none"
          spellcheck="false"
        />
        <label for="user-role">What they may do</label>
        <select id="user-role" name="role">
          <option value="viewer">Viewer: look, and change nothing</option>
          <option value="operator">Operator: everything</option>
        </select>
        <div class="decision-buttons">
          <button>Make a link for them</button>
        </div>
      </form>
    </Section>
  );
}

function Seen({ user }: { user: User }) {
  if (user.disabled_at !== null) return <Time at={user.disabled_at} />;
  if (user.last_used_at === null) return <span>not signed in</span>;
  return (
    <span>
      {"seen "}
      <Time at={user.last_used_at} />
    </span>
  );
}

/** The keys of programs, and the way to make another one. */
export function Keys({ keys }: { keys: ApiKey[] }) {
  return (
    <Section id="keys" title="API keys" note="for programs">
      {keys.length === 0 ? (
        <Empty>No program has a key yet. Make one here, or by bun run job api-key.</Empty>
      ) : (
        <ul class="log">
          {keys.map((key) => (
            <li>
              <div class="log-what">
                <p id={`key-${key.id}`}>
                  <strong>
                    <Untrusted text={key.name} max={100} />
                  </strong>{" "}
                  {key.is_active ? null : <Badge wording={{ word: key.revoked_at === null ? "Expired" : "Revoked", tone: "bad" }} />}
                  <span class="log-detail">
                    <span safe>{`${SCOPE[key.scope]}, made `}</span>
                    <Time at={key.created_at} />
                    {key.expires_at === null ? ", does not expire" : ", expires "}
                    {key.expires_at === null ? null : <Time at={key.expires_at} />}
                  </span>
                </p>
                {key.is_active ? (
                  <form method="post" action={`/settings/keys/${key.id}/revoke`}>
                    <button aria-describedby={`key-${key.id}`}>Revoke</button>
                  </form>
                ) : null}
              </div>
              <p class="log-when">
                {key.last_used_at === null ? (
                  <span>never used</span>
                ) : (
                  <span>
                    {"used "}
                    <Time at={key.last_used_at} />
                  </span>
                )}
              </p>
            </li>
          ))}
        </ul>
      )}
      <form method="post" action="/settings/keys" class="decision settings-new">
        <label for="key-name">What the key is for</label>
        <input id="key-name" name="name" required maxlength="60" autocomplete="off" />
        <label for="key-scope">What it opens</label>
        <select id="key-scope" name="scope">
          <option value="read">Read: what the dashboard shows</option>
          <option value="write">Write: reading, and an operator's decisions</option>
          <option value="ingest">Ingest: reporting runs, and nothing else</option>
        </select>
        <label for="key-days">For how long</label>
        <select id="key-days" name="expires_days">
          <option value="90">90 days</option>
          <option value="365">A year</option>
          <option value="7">A week</option>
          <option value="0">It does not expire</option>
        </select>
        <div class="decision-buttons">
          <button>Make a key</button>
        </div>
      </form>
    </Section>
  );
}

/** The settings that the app was started with; of secrets only whether they are set. */
export function Settings({ settings }: { settings: Setting[] }) {
  return (
    <Section id="environment" title="In force" note="as the app was started">
      <dl class="facts settings-list">
        {settings.map(({ name, value, is_secret }) => (
          <div>
            <dt>
              <code safe>{name}</code>
              {is_secret ? " (secret)" : null}
            </dt>
            <dd safe>{value}</dd>
          </div>
        ))}
      </dl>
      <p class="fresh">They come from the environment and from .env; a change takes effect at the next start. Secrets are never shown.</p>
    </Section>
  );
}
