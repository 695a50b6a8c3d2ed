// What the pages cannot do without a script: theme, times that stay true, keys, and the tab's title. Loaded first and blocking, so that
// a chosen theme is set before the first paint; everything listens on the document, so that morphing the page loses nothing.
(() => {
  const root = document.documentElement;
  const THEMES = ["system", "light", "dark"];
  const TYPING = "input, textarea, select, [contenteditable]";
  const REFRESH_MS = 30_000;
  let theme = THEMES.includes(localStorage.getItem("theme")) ? localStorage.getItem("theme") : "system";
  let goingTo = 0;
  let keysOn = localStorage.getItem("keys") !== "off";
  let lostAt = 0;
  applyTheme();

  document.addEventListener("DOMContentLoaded", () => {
    for (const element of document.querySelectorAll("[data-theme-button], [data-keys-button]")) element.hidden = false;
    applyTheme();
    document.querySelector("[data-keys-switch]")?.toggleAttribute("checked", keysOn);
    keepDetailsOpen();
    keepLogAtEnd();
    refreshTimes();
    setInterval(refreshTimes, REFRESH_MS);
  });

  function applyTheme() {
    if (theme === "system") delete root.dataset.theme;
    else root.dataset.theme = theme;
    for (const name of document.querySelectorAll("[data-theme-name]")) name.textContent = theme;
  }

  function nextTheme() {
    theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
    localStorage.setItem("theme", theme);
    applyTheme();
  }

  // A morph would close what the reader has opened, because the server knows nothing of it.
  function keepDetailsOpen() {
    window.htmx?.registerExtension("keep-open", {
      htmx_before_morph_attr: (element, { attrName }) => !(attrName === "open" && element.matches("details, dialog")),
    });
  }

  // A log that is followed stays at its end until its reader leaves it; then the new lines are counted.
  function keepLogAtEnd() {
    const box = document.querySelector("[data-log][data-live]");
    const jump = document.querySelector("[data-log-jump]");
    if (!box || !jump) return;
    let atEnd = true;
    let missed = 0;
    const toEnd = () => box.scrollTo(0, box.scrollHeight);
    const update = () => {
      if (atEnd) missed = 0;
      jump.hidden = atEnd;
      jump.textContent = missed > 0 ? `Jump to live (${missed})` : "Jump to live";
    };
    toEnd();
    box.addEventListener("scroll", () => {
      atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 24;
      update();
    });
    jump.addEventListener("click", toEnd);
    new MutationObserver((changes) => {
      const added = changes.flatMap(({ addedNodes }) => [...addedNodes]).filter(({ nodeName }) => nodeName === "LI").length;
      if (atEnd) toEnd();
      else missed += added;
      update();
    }).observe(box.firstElementChild, { childList: true });
  }

  function refreshTimes() {
    for (const time of document.querySelectorAll("time[data-relative]")) {
      const words = relative(Date.parse(time.dateTime), "due" in time.dataset);
      if (words !== time.textContent) time.textContent = words;
    }
  }

  // The same words as views/format.ts.
  function relative(at, due) {
    const seconds = (at - Date.now()) / 1000;
    const distance = Math.abs(seconds);
    if (due && seconds < 0) return "due now";
    if (distance < 45) return seconds > (due ? 0 : 5) ? "in a moment" : "just now";
    if (distance >= 30 * 86_400) return new Date(at).toISOString().slice(0, 10);
    const [size, unit] = distance < 3570 ? [60, "min"] : distance < 36 * 3600 ? [3600, "h"] : [86_400, "d"];
    const words = `${Math.max(1, Math.round(distance / size))} ${unit}`;
    return seconds > 0 ? `in ${words}` : `${words} ago`;
  }

  // Live pages: name the state in the tab, and say so when what is shown may be old.
  document.addEventListener("htmx:after:swap", (event) => {
    if (event.detail.ctx?.response?.status >= 400) return;
    const panel = document.querySelector("[data-title]");
    if (panel) document.title = panel.dataset.title;
    if (panel) document.getElementById("icon").href = panel.dataset.icon;
    refreshTimes();
    heard();
  });
  document.addEventListener("htmx:sse:after:connection", heard);
  for (const name of ["htmx:error", "htmx:response:error", "htmx:sse:error"]) {
    document.addEventListener(name, ({ detail }) => {
      const status = detail.status ?? detail.ctx?.response?.status;
      if (status === 401) location.assign("/sign-in");
      lose();
    });
  }
  window.addEventListener("offline", lose);

  function lose() {
    const connection = document.getElementById("connection");
    if (lostAt || !connection) return;
    lostAt = Date.now();
    const since = document.createElement("time");
    since.dateTime = new Date(lostAt).toISOString();
    since.dataset.relative = "";
    connection.replaceChildren("Not connected. What this page shows was true ", since, "; it tries again by itself.");
    refreshTimes();
  }

  function heard() {
    if (!lostAt) return;
    lostAt = 0;
    document.getElementById("connection")?.replaceChildren();
  }

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-theme-button]")) nextTheme();
    if (event.target.closest("[data-keys-button]")) document.getElementById("keys")?.showModal();
    if (event.target.matches("dialog")) event.target.close();
  });

  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-keys-switch]")) return;
    keysOn = event.target.checked;
    localStorage.setItem("keys", keysOn ? "on" : "off");
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const keys = document.getElementById("keys");
    if (keys?.open || document.querySelector("[popover]:popover-open")) return;
    if (event.target.closest(TYPING)) {
      if (event.key === "Escape" && event.target.matches("[type=search]")) event.target.blur();
      return;
    }
    if (!keysOn) return;
    const place = Date.now() - goingTo < 1500 ? document.querySelector(`nav a[data-key="${CSS.escape(event.key)}"]`) : null;
    goingTo = 0;
    if (place) location.assign(place.href);
    else if (event.key === "g") goingTo = Date.now();
    else if (event.key === "?") keys?.showModal();
    else if (event.key === "t") nextTheme();
    else if (event.key === "j") move(1);
    else if (event.key === "k") move(-1);
    else if (event.key === "/") search(event);
    else if (event.key === "Escape") document.querySelector(".trail a")?.click();
  });

  // Not the key itself as well: it would be the first letter of the search.
  function search(event) {
    const field = document.querySelector("main input[type=search]");
    if (!field) return;
    event.preventDefault();
    field.select();
    field.focus();
  }

  // Items are links, so Enter opens the focused one by itself.
  function move(step) {
    const items = [...document.querySelectorAll("[data-item]")].filter((item) => item.checkVisibility());
    const here = items.indexOf(document.activeElement);
    const next = here < 0 ? (step > 0 ? 0 : items.length - 1) : here + step;
    items[next]?.focus();
  }
})();
