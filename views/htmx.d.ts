/** The attributes of htmx 4 and of its SSE extension that the views use; anything else is a type error. */
declare namespace JSX {
  interface HtmlTag {
    "hx-get"?: undefined | string;
    "hx-trigger"?: undefined | string;
    "hx-swap"?: undefined | "outerMorph" | "beforeend" | "none";
    "hx-sse:connect"?: undefined | string;
    "hx-sse:close"?: undefined | string;
  }
}
