import { expect, test } from "bun:test";

import { html, isFragment } from "./html.ts";

test("markup is sent as HTML that nobody keeps and that differs for fragments", async () => {
  const response = html("<p>hello</p>");
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
  expect(response.headers.get("cache-control")).toBe("no-store");
  expect(response.headers.get("vary")).toBe("HX-Request-Type");
  expect(await response.text()).toBe("<p>hello</p>");
});

test("status and headers are the caller's", () => {
  const response = html("", { status: 404, headers: { "HX-Redirect": "/sign-in" } });
  expect(response.status).toBe(404);
  expect(response.headers.get("hx-redirect")).toBe("/sign-in");
});

test("only an htmx request for a part of the page gets a fragment", () => {
  const asked = (headers: Record<string, string>) => isFragment(new Request("http://localhost/runs", { headers }));
  expect(asked({})).toBe(false);
  expect(asked({ "HX-Request": "true", "HX-Request-Type": "full" })).toBe(false);
  expect(asked({ "HX-Request": "true", "HX-Request-Type": "partial" })).toBe(true);
});
