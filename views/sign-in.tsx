import { Document, ThemeButton, Wordmark } from "./layout.tsx";

/** The whole page that lets people in: by name and password where anybody has one, else by the link that the server printed. */
export function SignInPage({ error, has_password }: { error: string | null; has_password: boolean }) {
  return (
    <Document title="Sign in · Moltbot" state="idle">
      <header class="bar">
        <Wordmark state="idle" />
        <div class="bar-end">
          <ThemeButton />
        </div>
      </header>
      <main class="door" id="main">
        <h1>Sign in</h1>
        {error === null ? null : (
          <p class="door-error" role="alert" safe>
            {error}
          </p>
        )}
        {has_password ? <PasswordForm failed={error !== null} /> : <LinkHint />}
      </main>
    </Document>
  );
}

function PasswordForm({ failed }: { failed: boolean }) {
  return (
    <form method="post" action="/sign-in">
      <label for="name">Name</label>
      <input
        id="name"
        name="name"
        value="operator"
        autocomplete="username"
        autocapitalize="none"
        spellcheck="false"
        maxlength="40"
        required
      />
      <label for="password">Password</label>
      <input
        id="password"
        name="password"
        type="password"
        autocomplete="current-password"
        required
        autofocus
        aria-invalid={failed ? "true" : undefined}
      />
      <button class="primary">Sign in</button>
      <p class="dim">
        Forgotten it? An operator can make you a one-time link; on the machine itself <code>bun run job sign-in-link</code> does.
      </p>
    </form>
  );
}

function LinkHint() {
  return (
    <>
      <p>
        No password is set, so a link signs you in. <code>bun run start</code> prints one; it works once.
      </p>
      <p>For a new link, run this on the same machine:</p>
      <pre tabindex="0">
        <code>bun run job sign-in-link</code>
      </pre>
      <p class="dim">
        Once you are in, you can choose a password under Settings, or set <code>OPERATOR_PASSWORD</code> and start again.
      </p>
    </>
  );
}
