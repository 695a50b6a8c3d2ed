import { count } from "./format.ts";
import { Untrusted } from "./parts.tsx";

/** What is asked of a list, by the names of its address. */
export type Filter = Record<string, string | undefined>;
/** A filter by a choice: its name, what it is called, and a word for each of its values. */
export type Choice = { name: string; label: string; words: Record<string, string> };

type ListingProps = {
  /** Of the page; under /api the same list is to be had whole. */
  path: string;
  filter: Filter;
  choices: Choice[];
  searchLabel: string;
  total: number;
  most: number;
  noun: string;
  ignored: string[];
};

/** Above a list: its search and choices as a form, what is chosen as chips, how many match, and the same list as a file. */
export function Listing({ path, filter, choices, searchLabel, total, most, noun, ignored }: ListingProps) {
  const chosen = chipsOf(filter, choices);
  const shown = ["search", "date_from", "date_to", ...choices.map(({ name }) => name)];
  const hidden = Object.entries(filter).filter(([name, value]) => value !== undefined && !shown.includes(name));
  return (
    <div class="listing">
      <form class="finder" method="get" action={path} role="search">
        <label>
          <span safe>{searchLabel}</span>
          <input
            type="search"
            name="search"
            value={plainly(filter.search)}
            minlength="3"
            maxlength="200"
            autocomplete="off"
            spellcheck="false"
          />
        </label>
        {choices.map((choice) => (
          <Select choice={choice} value={filter[choice.name]} />
        ))}
        <Days filter={filter} />
        {hidden.map(([name, value]) => (
          <input type="hidden" name={name} value={plainly(value)} />
        ))}
        <button>Filter</button>
      </form>
      <p class="chips">
        <span class="matches" safe>{`${total > most ? `${count(most)}+` : count(total)} ${noun}${total === 1 ? "" : "s"}`}</span>
        {chosen.map(({ name, label, value }) => (
          <span class="chip">
            <span safe>{`${label} `}</span>
            <Untrusted text={value} max={64} />{" "}
            <a href={addressOf(path, { ...filter, [name]: undefined })} aria-label={`Without the filter ${label.toLowerCase()}`}>
              ×
            </a>
          </span>
        ))}
        {chosen.length < 2 ? null : <a href={path}>Clear all</a>}
        <span class="exports">
          <a href={addressOf(`/api${path}`, { ...filter, format: "ndjson" })}>NDJSON</a>{" "}
          <a href={addressOf(`/api${path}`, { ...filter, format: "csv" })}>CSV</a>
        </span>
      </p>
      {ignored.length === 0 ? null : (
        <p class="notice" role="status">
          {"Left out, because it cannot be read here: "}
          {ignored.slice(0, 5).map((name, index) => (
            <>
              {index === 0 ? "" : ", "}
              <Untrusted text={name} max={40} />
            </>
          ))}
          .
        </p>
      )}
    </div>
  );
}

/** What may stand in an attribute, where not everything is escaped or made visible: words. The chip shows the text in any case. */
function plainly(text: string | undefined): string | undefined {
  return text !== undefined && /^[\p{L}\p{N} .,:_-]+$/u.test(text) ? text : undefined;
}

/** One choice of a filter's form. */
export function Select({ choice: { name, label, words }, value }: { choice: Choice; value: string | undefined }) {
  return (
    <label>
      <span safe>{label}</span>
      <select name={name} id={`filter-${name}`}>
        <option value="">Any</option>
        {Object.entries(words).map(([key, word]) => (
          <option value={key} selected={key === value} safe>
            {word}
          </option>
        ))}
      </select>
    </label>
  );
}

/** The two ends of the time that a filter's form asks for. */
export function Days({ filter }: { filter: Filter }) {
  return (
    <>
      <label>
        From
        <input type="date" name="date_from" id="filter-from" value={plainly(filter.date_from?.slice(0, 10))} />
      </label>
      <label>
        To
        <input type="date" name="date_to" id="filter-to" value={plainly(filter.date_to?.slice(0, 10))} />
      </label>
    </>
  );
}

const LABELS: Record<string, string> = { search: "Text", agent_name: "Agent", run_id: "Run", date_from: "From", date_to: "To" };

function chipsOf(filter: Filter, choices: Choice[]): { name: string; label: string; value: string }[] {
  const named = choices.map(({ name, label, words }) => ({ name, label, value: words[filter[name] ?? ""] ?? filter[name] }));
  const others = Object.entries(LABELS).map(([name, label]) => ({ name, label, value: filter[name] }));
  return [...named, ...others].flatMap(({ name, label, value }) => (value === undefined ? [] : [{ name, label, value }]));
}

/** The way to the rows after these and before these. `next` is the cursor of older ones; newer ones there are where the page does not begin the list. */
export function Turns({
  path,
  filter,
  ids,
  next,
  isFirst,
}: {
  path: string;
  filter: Filter;
  ids: string[];
  next: string | null;
  isFirst: boolean;
}) {
  if (isFirst && next === null) return null;
  return (
    <nav class="pager" aria-label="Pages">
      {isFirst || ids[0] === undefined ? null : (
        <a href={addressOf(path, { ...filter, newer_than: ids[0] })} rel="prev">
          Newer
        </a>
      )}{" "}
      {next === null ? null : (
        <a href={addressOf(path, { ...filter, cursor: next })} rel="next">
          Older
        </a>
      )}
    </nav>
  );
}

/** The address of a list under a filter; only what is named stands in it. */
export function addressOf(path: string, filter: Filter): string {
  const query = new URLSearchParams(Object.entries(filter).filter((entry): entry is [string, string] => entry[1] !== undefined));
  return query.size === 0 ? path : `${path}?${query.toString()}`;
}
