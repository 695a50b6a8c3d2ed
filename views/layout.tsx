import type { PropsWithChildren } from "@kitajs/html";

import type { Mode } from "../server/runs/schema.ts";
import { Icon } from "./icons.tsx";
import { iconOf, tabTitle } from "./state.ts";
import type { State } from "./state.ts";

const BANNER: Record<Exclude<Mode, "real">, { name: string; text: string }> = {
  sandbox: { name: "Sandbox", text: "A local Moltbook with invented agents. Nothing leaves this machine." },
  dry_run: { name: "Dry run", text: "The agent reads Moltbook. What it would write is recorded and not sent." },
};

/** The stylesheet in the order of its layers, a file for each part of the pages. */
const STYLES = [
  "base",
  "frame",
  "parts",
  "statement",
  "lists",
  "run",
  "log",
  "doors",
  "prompts",
  "account",
  "filter",
  "claims",
  "chart",
  "security",
  "jobs",
  "reference",
  "settings",
  "narrow",
];

/** htmx without injected styles, history or other extensions; an answer that reports a fault replaces nothing on the page. */
const HTMX = JSON.stringify({ includeIndicatorCSS: false, history: false, extensions: "sse,keep-open", noSwap: [204, 304, "4xx", "5xx"] });

/** The pages of the navigation, in its order: what goes on, what decides, what keeps the house. `key` after g goes there. */
const PLACES = [
  [
    { name: "Overview", href: "/", key: "o" },
    { name: "Runs", href: "/runs", key: "r" },
    { name: "Actions", href: "/actions", key: "c" },
  ],
  [
    { name: "Prompts", href: "/prompts", key: "p" },
    { name: "Security", href: "/security", key: "s" },
    { name: "Filter", href: "/filter", key: "f" },
    { name: "Account", href: "/account", key: "a" },
  ],
  [
    { name: "Agents", href: "/agents", key: "n" },
    { name: "Jobs", href: "/jobs", key: "b" },
    { name: "Audit", href: "/audit", key: "u" },
    { name: "Settings", href: "/settings", key: "e" },
  ],
] as const;
export type Place = (typeof PLACES)[number][number]["name"];

const KEYS: [string[], string][] = [
  ...PLACES.flat().map(({ name, key }): [string[], string] => [["g", key], `Go to ${name}`]),
  [["j"], "Next item"],
  [["k"], "Previous item"],
  [["Enter"], "Open the item"],
  [["/"], "Search this page"],
  [["Esc"], "Leave the search, or go up"],
  [["t"], "Theme: system, light, dark"],
  [["?"], "These keys"],
];

type LayoutProps = PropsWithChildren<{
  title: string;
  current: Place | null;
  mode: Mode;
  state: State;
  needs?: number;
}>;

/** A page for a signed-in operator: navigation, the banner of any mode but the real one, and the page's own content. `needs`: how many things wait. */
export function Layout({ title, current, mode, state, needs = 0, children }: LayoutProps) {
  return (
    <Document title={tabTitle(title, state, needs)} state={state}>
      <a class="skip" href="#main">
        Skip to content
      </a>
      <header class="bar">
        <Wordmark state={state} />
        <button class="menu-button" type="button" popovertarget="menu">
          <span class="visually-hidden">Menu: </span>
          <span>{current ?? "Menu"}</span>
          <Icon name="menu" />
        </button>
        <Navigation current={current} />
        <div class="bar-end">
          <ThemeButton />
          <form method="post" action="/sign-out">
            <button class="plain">Sign out</button>
          </form>
        </div>
      </header>
      {mode === "real" ? null : <ModeBanner {...BANNER[mode]} />}
      <p class="connection" id="connection" role="status" />
      <main id="main" tabindex="-1">
        {children}
      </main>
      <footer class="foot">
        <p>Figures come from the server's own record, not from what an agent says.</p>
        <p>
          <a href="/api">API</a>
        </p>
        <button class="plain" type="button" data-keys-button hidden>
          <kbd>?</kbd> Keys
        </button>
      </footer>
      <Keys />
    </Document>
  );
}

/** A row where there is room for one, else a popover behind its button: both without a script. */
function Navigation({ current }: { current: Place | null }) {
  return (
    <nav class="places" id="menu" popover="auto" aria-label="Main">
      {PLACES.map((group) => (
        <ul>
          {group.map(({ name, href, key }) => (
            <li>
              <a href={href} data-key={key} aria-current={current === name ? "page" : undefined}>
                {name}
              </a>
            </li>
          ))}
        </ul>
      ))}
    </nav>
  );
}

/**
 * The shell of every page. app.js comes first and blocks, so that a chosen theme is set before the first paint; nothing is inline,
 * because the content security policy allows neither scripts nor styles in the page. htmx starts at DOMContentLoaded only while the page
 * is still being parsed; deferred, it could start before its extension has come in, and the page would never be live.
 */
export function Document({ title, state, children }: PropsWithChildren<{ title: string; state: State }>) {
  return (
    <>
      {"<!doctype html>"}
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="color-scheme" content="light dark" />
          <meta name="referrer" content="same-origin" />
          <meta name="htmx-config" content={HTMX} />
          <title safe>{title}</title>
          <link rel="icon" id="icon" href={iconOf(state)} type="image/svg+xml" />
          <script src="/static/app.js" />
          {STYLES.map((file) => (
            <link rel="stylesheet" href={`/static/${file}.css`} />
          ))}
        </head>
        <body>
          {children}
          <script src="/static/htmx.js" />
          <script src="/static/hx-sse.js" />
        </body>
      </html>
    </>
  );
}

export function Wordmark({ state }: { state: State }) {
  return (
    <a class="wordmark" href="/" aria-label="Moltbot, overview">
      <svg class={["mark", `mark-${state}`]} viewBox="0 0 24 24" aria-hidden="true">
        <circle class="mark-shell" cx="12" cy="12" r="9" pathLength="100" />
        <circle class="mark-core" cx="12" cy="12" r="3.5" />
      </svg>
      <span>moltbot</span>
    </a>
  );
}

/** Useless without app.js, which takes `hidden` away. */
export function ThemeButton() {
  return (
    <button class="plain" type="button" data-theme-button hidden>
      <Icon name="theme" />
      <span>
        <span class="visually-hidden">Theme: </span>
        <span data-theme-name>system</span>
      </span>
    </button>
  );
}

function ModeBanner({ name, text }: { name: string; text: string }) {
  return (
    <aside class="mode-banner" aria-label="Mode">
      <strong safe>{name}</strong> <span safe>{text}</span>
    </aside>
  );
}

function Keys() {
  return (
    <dialog class="keys" id="keys" aria-labelledby="keys-title">
      <h2 id="keys-title">Keys</h2>
      <dl>
        {KEYS.map(([keys, what]) => (
          <div>
            <dt>
              {keys.map((key) => (
                <kbd safe>{key}</kbd>
              ))}
            </dt>
            <dd safe>{what}</dd>
          </div>
        ))}
      </dl>
      <form method="dialog">
        <label>
          <input type="checkbox" data-keys-switch checked /> Single keys do something
        </label>
        <button>Close</button>
      </form>
    </dialog>
  );
}
