import { Elysia } from "elysia";
import * as z from "zod";

import { ErrorPage } from "../views/error.tsx";
import { AppError, codeOf, STATUS } from "./errors.ts";
import type { ErrorCode } from "./errors.ts";
import { html } from "./html.ts";
import { describe, log } from "./log.ts";
import { wordIssue } from "./wording.ts";

z.config({ customError: wordIssue });

const TITLES: Record<ErrorCode, string> = {
  invalid: "The request is not valid",
  not_found: "Not found",
  conflict: "Conflict",
  unauthorized: "Sign in first",
  forbidden: "Not allowed",
  unavailable: "Not available right now",
  internal: "Something went wrong on our side",
};

/** Where programs look; MCP clients also look for OAuth's metadata under the last. People look elsewhere. */
const FOR_PROGRAMS = ["/api/", "/mcp", "/.well-known/"];

/** Turns everything thrown into an answer: RFC 9457 problem JSON for programs, a page for people. What is not expected is logged and masked. */
export const onError = new Elysia({ name: "on-error" }).onError({ as: "global" }, ({ error, code, request, path, route }) => {
  const kind = kindOf(error, code);
  const id = crypto.randomUUID();
  // The route, not the address, which may hold a secret: a sign-in link is one.
  if (kind === "internal") log.error("request.failed", { id, method: request.method, route, ...describe(error) });
  const message = kind === "internal" ? `The reference ${id} stands in the log.` : messageOf(error, code, kind);
  if (!FOR_PROGRAMS.some((start) => path.startsWith(start))) {
    if (kind === "unauthorized" && isVisit(request)) return new Response(null, { status: 303, headers: { location: "/sign-in" } });
    return html(ErrorPage({ status: STATUS[kind], title: TITLES[kind], message, request_id: id }), { status: STATUS[kind] });
  }
  return problem(kind, message, error instanceof AppError ? error.details.shown : undefined);
});

/** An RFC 9457 answer. `type` is stable: programs may switch on it. `details` is what an AppError wants shown with it. */
export function problem(kind: ErrorCode, detail: string, details?: unknown): Response {
  const body = { type: `urn:moltbot:problem:${kind}`, title: TITLES[kind], status: STATUS[kind], detail, details };
  // RFC 9110, 15.5.2: a 401 says how to authenticate.
  const challenge: Record<string, string> = kind === "unauthorized" ? { "www-authenticate": "Bearer" } : {};
  return Response.json(body, { status: STATUS[kind], headers: { "content-type": "application/problem+json", ...challenge } });
}

/** A browser that opens a page, rather than a script that wants a part of one. */
function isVisit(request: Request): boolean {
  return request.method === "GET" && !request.headers.has("hx-request");
}

function kindOf(error: unknown, code: string | number): ErrorCode {
  if (code === "NOT_FOUND") return "not_found";
  if (code === "PARSE") return "invalid";
  // An answer that does not fit its own schema is our fault, a request that does not fit is the caller's.
  if (code === "VALIDATION") return (error as { type?: string }).type === "response" ? "internal" : "invalid";
  return codeOf(error);
}

/** What the kinds mean when nobody threw them on purpose, so that no message came with them. */
const UNSAID: Partial<Record<ErrorCode, string>> = {
  conflict: "Something else has this name or place already. Load the page again.",
  unavailable: "The database does not answer. Try again in a moment.",
};

function messageOf(error: unknown, code: string | number, kind: ErrorCode): string {
  if (error instanceof AppError) return error.message;
  if (code === "NOT_FOUND") return "There is nothing at this address.";
  if (code === "PARSE") return "The body could not be read. Send JSON, with content-type: application/json.";
  if (code !== "VALIDATION") return UNSAID[kind] ?? "The request could not be read.";
  const { type, value } = error as { type?: string; value?: unknown };
  if (type === "body" && value === undefined) return "The request has no body. Send JSON, with content-type: application/json.";
  const issues = (error as { all?: { path?: string; summary?: string; message?: string }[] }).all ?? [];
  const texts = issues.map(({ path = "", summary, message }) => `${placeOf(path)}${summary ?? message ?? "not valid"}`);
  return texts.join("; ") || "The request does not fit.";
}

/** The whole has no name of its own; the framework calls it root. */
function placeOf(path: string): string {
  const name = path.replace(/^[/.]/, "");
  return name === "" || name === "root" ? "" : `${name}: `;
}
