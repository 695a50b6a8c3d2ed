import type { Document, Operation, Schema } from "../server/reference/schema.ts";
import type { Mode } from "../server/runs/schema.ts";
import { Layout } from "./layout.tsx";
import { Section } from "./parts.tsx";

type Entry = { method: string; path: string; operation: Operation };

/** The API to read: every address with what it takes and what it answers. All of it is ours, nothing comes from an agent or from Moltbook. */
export function ReferencePage({ document, mode }: { document: Document; mode: Mode }) {
  const groups = groupsOf(document);
  return (
    <Layout title="API" current={null} mode={mode} state="alive">
      <header class="listing-head">
        <h1>API</h1>
        <p>
          <a href="/api/openapi.json">OpenAPI document</a>
        </p>
      </header>
      <p class="reference-note" safe>
        {document.info.description}
      </p>
      <p class="reference-note">
        Send a key with every request, <code>Authorization: Bearer KEY</code>; <code>bun run job api-key --name NAME --scope read</code>{" "}
        makes one. A fault is a problem of RFC 9457: <code>type</code>, <code>title</code>, <code>status</code> and <code>detail</code>, of
        the media type <code>application/problem+json</code>.
      </p>
      {groups.map(([tag, entries]) => (
        <Section id={`tag-${tag}`} title={tag}>
          {entries.map((entry) => (
            <Route {...entry} />
          ))}
        </Section>
      ))}
    </Layout>
  );
}

function groupsOf({ paths }: Document): [string, Entry[]][] {
  const entries = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]): Entry => ({ method, path, operation })),
  );
  return Object.entries(Object.groupBy(entries, ({ operation }) => operation.tags?.[0] ?? "other")).map(([tag, group]) => [
    tag,
    group ?? [],
  ]);
}

function Route({ method, path, operation }: Entry) {
  const { parameters = [], requestBody, responses } = operation;
  const body = requestBody?.content["application/json"]?.schema;
  const [status, answer] = Object.entries(responses).find(([code]) => code.startsWith("2")) ?? [];
  const content = Object.entries(answer?.content ?? {});
  return (
    <details class="route" id={`${method}-${path}`}>
      <summary data-item>
        <strong safe>{method.toUpperCase()}</strong> <code safe>{path}</code>{" "}
        <span class="route-summary" safe>
          {operation.summary ?? ""}
        </span>
      </summary>
      <Fields title="Takes" rows={parameters.map(({ name, required, schema }) => ({ name, type: typeOf(schema), required }))} />
      {body === undefined ? null : <Fields title="Body" rows={rowsOf(body)} />}
      <Fields title={`Answers ${status ?? ""}`} rows={rowsOf(content[0]?.[1].schema ?? {})} />
      <p class="route-types" safe>
        {content.map(([type]) => type).join(", ")}
      </p>
    </details>
  );
}

type Row = { name: string; type: string; required: boolean };

function Fields({ title, rows }: { title: string; rows: Row[] }) {
  if (rows.length === 0) return null;
  return (
    <table class="fields">
      <caption safe>{title}</caption>
      <tbody>
        {rows.map(({ name, type, required }) => (
          <tr>
            <th scope="row">
              <code safe>{name}</code>
            </th>
            <td>
              <span safe>{type}</span>
              {required ? null : <span class="optional"> optional</span>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The keys of an object, and under them, with dots, those of the objects and lists inside it. */
function rowsOf(schema: Schema, prefix = "", depth = 0): Row[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, value]) => {
    const name = `${prefix}${key}`;
    const inner = value.type === "array" ? value.items : value;
    const row = { name, type: typeOf(value), required: schema.required?.includes(key) ?? false };
    return inner && depth < 2 ? [row, ...rowsOf(inner, `${name}.`, depth + 1)] : [row];
  });
}

/** A schema in a word or two: "string (uuid)", "integer from 1 to 100", "one of: real, dry_run", "list of string". */
function typeOf(schema: Schema): string {
  const { type, enum: words, format, items, anyOf, minimum, maximum, const: only, default: usual } = schema;
  const usually = usual === undefined ? "" : `, else ${JSON.stringify(usual)}`;
  if (Array.isArray(words)) return `one of: ${words.filter((word) => word !== null).join(", ")}${usually}`;
  if (only !== undefined) return JSON.stringify(only);
  if (Array.isArray(anyOf)) return [...new Set(anyOf.map(typeOf))].join(" or ") + usually;
  if (type === "array") return `list of ${typeOf(items ?? {})}`;
  const name = [type ?? "anything"].flat().join(" or ");
  const isBounded = typeof minimum === "number" && typeof maximum === "number" && Math.abs(maximum) < Number.MAX_SAFE_INTEGER;
  const bounds = isBounded ? ` from ${minimum} to ${maximum}` : "";
  return `${name}${typeof format === "string" ? ` (${format})` : ""}${bounds}${usually}`;
}
