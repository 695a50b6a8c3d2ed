import type { PropsWithChildren } from "@kitajs/html";

import type { MadeApiKey, Session, SignInLink, User } from "../server/auth/schema.ts";
import type { Mode } from "../server/runs/schema.ts";
import { Layout } from "./layout.tsx";
import { Fact, Section, Time, Untrusted } from "./parts.tsx";
import type { Managed } from "./settings/access.tsx";
import { Keys, Settings, Users } from "./settings/access.tsx";

/** `password` says whether it comes from the environment, and whether the old one has to be given; `operators` what viewers do not see. */
type SettingsProps = {
  user: User;
  session_id: string;
  sessions: Session[];
  password: { is_fixed: boolean; needs_current: boolean };
  operators: Managed | null;
  fault: string | null;
  mode: Mode;
};

/** A person's own settings, and for operators who gets in and with what settings the app runs. */
export function SettingsPage({ user, session_id, sessions, password, operators, fault, mode }: SettingsProps) {
  return (
    <Layout title="Settings" current="Settings" mode={mode} state="alive">
      {fault === null ? null : (
        <p class="notice tone-bad" role="alert" safe>
          {fault}
        </p>
      )}
      <header class="statement">
        <div class="statement-words">
          <h1 safe>{`You are ${user.name}.`}</h1>{" "}
          <p>
            {user.role === "operator"
              ? "An operator: you decide, and what you decide is on record under your name."
              : "A viewer: you may look at everything but the texts that were kept from the agent, and change nothing but what is on this page."}
          </p>
        </div>
      </header>
      <Section id="password" title="Password">
        <Password name={user.name} has={user.has_password} {...password} />
      </Section>
      <Section id="sessions" title="Signed in" note={operators === null ? "where you are" : "everybody"}>
        <Sessions sessions={sessions} own={session_id} names={operators !== null} />
      </Section>
      {operators === null ? null : (
        <>
          <Users users={operators.users} self={user.id} />
          <Keys keys={operators.keys} />
          <Settings settings={operators.settings} />
        </>
      )}
      <Section id="looks" title="Looks">
        <p>
          Light, dark, or as your system has it: the button at the top, or the key <kbd>t</kbd>. This browser remembers it.
        </p>
      </Section>
    </Layout>
  );
}

type PasswordProps = { name: string; has: boolean; is_fixed: boolean; needs_current: boolean };

/** The field that is not seen tells a password manager whose password it is. */
function Password({ name, has, is_fixed, needs_current }: PasswordProps) {
  if (is_fixed) {
    return (
      <p>
        The operator's password is the one in <code>OPERATOR_PASSWORD</code>. To choose it here instead, unset that and start again.
      </p>
    );
  }
  return (
    <>
      <p>
        {has
          ? "You have a password. With a new one, all your other browsers are signed out."
          : "You have none: one-time links sign you in. With a password you need no link."}
      </p>
      <form method="post" action="/settings/password" class="decision">
        <input type="text" autocomplete="username" value={name} readonly hidden />
        {needs_current ? <PasswordField name="current" label="Current password" autocomplete="current-password" /> : null}
        <PasswordField name="password" label="New password, at least 10 characters" autocomplete="new-password" />
        <PasswordField name="again" label="The same again" autocomplete="new-password" />
        <div class="decision-buttons">
          <button>{has ? "Change password" : "Set password"}</button>
        </div>
      </form>
    </>
  );
}

function PasswordField({ name, label, autocomplete }: { name: string; label: string; autocomplete: "current-password" | "new-password" }) {
  const least = autocomplete === "new-password" ? "10" : undefined;
  return (
    <>
      <label for={`password-${name}`} safe>
        {label}
      </label>
      <input id={`password-${name}`} name={name} type="password" autocomplete={autocomplete} minlength={least} maxlength="1000" required />
    </>
  );
}

function Sessions({ sessions, own, names }: { sessions: Session[]; own: string; names: boolean }) {
  return (
    <>
      <ul class="log">
        {sessions.map((session) => (
          <li>
            <div class="log-what">
              <p id={`session-${session.id}`}>
                {names ? <strong safe>{session.user_name}</strong> : null}
                {names ? " " : null}
                <span class="by" safe>
                  {`${session.id === own ? "this browser, " : ""}by ${session.opened_by === "link" ? "a link" : "password"}`}
                </span>
                <span class="log-detail">
                  <Untrusted text={session.client ?? "a browser that did not say what it is"} max={120} />
                  {session.source === null ? null : (
                    <>
                      {" from "}
                      <Untrusted text={session.source} max={64} />
                    </>
                  )}
                </span>
              </p>
              {session.id === own ? null : (
                <form method="post" action={`/settings/sessions/${session.id}/end`}>
                  <button aria-describedby={`session-${session.id}`}>Sign out</button>
                </form>
              )}
            </div>
            <p class="log-when">
              <span>
                {"used "}
                <Time at={session.last_used_at} />
              </span>
            </p>
          </li>
        ))}
      </ul>
      <form method="post" action="/settings/sessions/end" class="settings-doing">
        <button>Sign out everywhere</button>
        <span class="dim">
          You, in all your browsers, this one included. A session also ends by itself: after 7 days unused, and after 30.
        </span>
      </form>
    </>
  );
}

/** The answer to making a key: the one place where it stands. */
export function MadeKeyPage({ made, mode }: { made: MadeApiKey; mode: Mode }) {
  return (
    <Once title="New API key" what="This is the key. Copy it now: it is not shown again." value={made.key} back="keys" mode={mode}>
      <dl class="facts">
        <Fact label="Name">
          <span safe>{made.name}</span>
        </Fact>
        <Fact label="Scope">
          <span>{made.scope}</span>
        </Fact>
        <Fact label="Expires">{made.expires_at === null ? <span>never</span> : <Time at={made.expires_at} />}</Fact>
      </dl>
      <p>
        Send it as a header: <code>Authorization: Bearer KEY</code>
      </p>
    </Once>
  );
}

/** The answer to making a link: the one place where it stands. `origin` is how the operator reached us. */
export function MadeLinkPage({ link, origin, mode }: { link: SignInLink; origin: string; mode: Mode }) {
  return (
    <Once
      title={`A link for ${link.name}`}
      what="Give it to them now: it signs in once, within an hour, and is not shown again."
      value={origin + link.path}
      back="users"
      mode={mode}
    >
      <p class="dim">Whoever opens it first is taken for them. Do not try it yourself: you would be signed in as them.</p>
    </Once>
  );
}

type OnceProps = PropsWithChildren<{ title: string; what: string; value: string; back: string; mode: Mode }>;

function Once({ title, what, value, back, mode, children }: OnceProps) {
  return (
    <Layout title={title} current="Settings" mode={mode} state="alive">
      <header class="statement">
        <div class="statement-words">
          <h1 safe>{`${title}.`}</h1> <p safe>{what}</p>
        </div>
      </header>
      <p class="settings-once">
        <code tabindex="0" safe>
          {value}
        </code>
      </p>
      {children}
      <p class="settings-back">
        <a href={`/settings#${back}`}>Done, back to the settings</a>
      </p>
    </Layout>
  );
}
