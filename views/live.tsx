import type { PropsWithChildren } from "@kitajs/html";

import { iconOf, tabTitle } from "./state.ts";
import type { State } from "./state.ts";

/**
 * `url`: the page itself, which answers this element alone to an htmx request. `stream`: where `changed` events come from, null when nothing will
 * change. `from`: the id of an element outside that has a stream with such events already, since a page has one.
 */
type FollowedProps = PropsWithChildren<{
  id: string;
  url: string;
  stream: string | null;
  from?: string;
  title: string;
  state: State;
  needs?: number;
}>;

/**
 * What a page shows of something that changes. On each `changed` event, and after each (re)connection because events may have been
 * missed before it, the element fetches itself again and morphs, which keeps focus, scroll and opened details. A connection that
 * failed at first is tried again every half minute. app.js gives title and icon to the browser's tab.
 */
export function Followed({ id, url, stream, from, title, state, needs = 0, children }: FollowedProps) {
  const source = from === undefined ? "" : ` from:#${from}`;
  const trigger = `changed${source} throttle:1s, htmx:sse:after:connection${source}`;
  const refetch = { "hx-get": url, "hx-trigger": trigger, "hx-swap": "outerMorph" } as const;
  return (
    <div
      id={id}
      data-title={tabTitle(title, state, needs)}
      data-icon={iconOf(state)}
      {...(stream === null && from === undefined ? {} : refetch)}
    >
      {stream === null ? null : <div id="live" hidden hx-sse:connect={stream} hx-trigger="load, every 30s" hx-swap="none" />}
      {children}
    </div>
  );
}
