import { Document, ThemeButton, Wordmark } from "./layout.tsx";

type ErrorProps = { status: number; title: string; message: string; request_id: string };

/** The whole page for any fault: it knows neither mode nor session, so it promises no navigation but home. */
export function ErrorPage(props: ErrorProps) {
  return (
    <Document title={`${props.title} · Moltbot`} state="attention">
      <header class="bar">
        <Wordmark state="attention" />
        <div class="bar-end">
          <ThemeButton />
        </div>
      </header>
      <main class="door" id="main">
        <ErrorPanel {...props} />
        <p>
          <a href="/">Back to the overview</a>
        </p>
      </main>
    </Document>
  );
}

/** A fault as a fragment. `message` says what to do next; the request's id is what the log knows it by. */
export function ErrorPanel({ status, title, message, request_id }: ErrorProps) {
  return (
    <div class="fault" role="alert">
      <p class="fault-status">{status}</p>
      <h1 safe>{title}</h1>
      <p safe>{message}</p>
      <p class="dim">
        {"Request "}
        <code safe>{request_id}</code>
      </p>
    </div>
  );
}
