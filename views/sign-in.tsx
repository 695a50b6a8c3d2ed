import { Document, ThemeButton, Wordmark } from "./layout.tsx";

/** The whole page that lets the operator in: by password where one is set, else by the link that the server printed. */
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
      <label for="password">Operator password</label>
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
        To sign in with a password instead, set <code>OPERATOR_PASSWORD</code> and start again.
      </p>
    </>
  );
}
