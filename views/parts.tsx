import type { PropsWithChildren } from "@kitajs/html";

import { absolute, count, relative } from "./format.ts";
import { Icon } from "./icons.tsx";
import type { Segment } from "./visible.ts";
import { segmentsOf } from "./visible.ts";
import type { Wording } from "./words.ts";

/** A moment as people say it, the exact one behind it; app.js keeps the words true while the page is open. */
export function Time({ at, due = false }: { at: string; due?: boolean }) {
  return (
    <time datetime={at} title={absolute(at)} data-relative data-due={due} safe>
      {relative(at, Date.now(), due)}
    </time>
  );
}

/** A judgement: shape, word and colour say the same. */
export function Badge({ wording }: { wording: Wording }) {
  return (
    <span class={["badge", `tone-${wording.tone}`, wording.isLoud && "loud"]}>
      <Icon name={wording.shape ?? wording.tone} />
      <span safe>{wording.word}</span>
    </span>
  );
}

/** One key figure inside a `<dl class="figures">`. */
export function Figure({ label, value, note }: { label: string; value: string; note?: string | undefined }) {
  return (
    <div class="figure">
      <dt safe>{label}</dt>
      <dd>
        <span class="figure-value" safe>
          {value}
        </span>
        {note === undefined ? null : (
          <span class="figure-note" safe>
            {note}
          </span>
        )}
      </dd>
    </div>
  );
}

/** One fact inside a `<dl class="facts">`; left out when there is nothing to say. */
export function Fact({ label, children }: PropsWithChildren<{ label: string }>) {
  return (
    <div>
      <dt safe>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** A part of a page: its heading stands in the margin, its content beside it. */
export function Section({ id, title, note, children }: PropsWithChildren<{ id: string; title: string; note?: string | undefined }>) {
  return (
    <section class="section" id={id} aria-labelledby={`${id}-title`}>
      <header class="section-head">
        <h2 id={`${id}-title`} safe>
          {title}
        </h2>
        {note === undefined ? null : (
          <p class="section-note" safe>
            {note}
          </p>
        )}
      </header>
      <div class="section-body">{children}</div>
    </section>
  );
}

/** What stands where a list would be. */
export function Empty({ children }: PropsWithChildren) {
  return <p class="empty">{children}</p>;
}

/** The way to the rows before these; nothing on the last page. */
export function Pager({ href }: { href: string | null }) {
  if (href === null) return null;
  return (
    <nav class="pager" aria-label="Pages">
      <a href={href} rel="next">
        Older
      </a>
    </nav>
  );
}

/**
 * Text from Moltbook or from an agent, made inert: escaped, isolated from the direction of the text around it, deceptive characters
 * named instead of shown, cut after `max` characters. It must never go into an attribute: those are not escaped against `<`, and
 * htmx rewrites `<hx-…` wherever it stands in a response.
 */
export function Untrusted({ text, max = 300 }: { text: string; max?: number }) {
  const { segments, more } = segmentsOf(text, max);
  return (
    <bdi class="untrusted" translate="no">
      <Segments segments={segments} />
      <Clamped more={more} />
    </bdi>
  );
}

/** The inside of an Untrusted. */
export function Segments({ segments }: { segments: Segment[] }) {
  return (
    <>
      {segments.map((segment) => (
        <span class={segment.hidden ? "codepoint" : undefined} safe>
          {segment.text}
        </span>
      ))}
    </>
  );
}

/** How much of an Untrusted was left out; nothing where it is whole. */
export function Clamped({ more }: { more: number }) {
  return more > 0 ? <span class="clamped" safe>{` … ${count(more)} more characters`}</span> : null;
}

/** A longer hostile text as a block of its own, scrolled inside itself. */
export function UntrustedBlock({ text, max = 6000 }: { text: string; max?: number }) {
  return (
    <div class="verbatim" tabindex="0" role="group" aria-label="Verbatim text">
      <Untrusted text={text} max={max} />
    </div>
  );
}
