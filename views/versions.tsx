import type { PromptSummary } from "../server/prompts/schema.ts";
import { count, money } from "./format.ts";
import { Time, Untrusted } from "./parts.tsx";

/** `active` is the number of the active one. */
type VersionsProps = { versions: PromptSummary[]; active: number | null; mayChange: boolean };

/** Versions with what their runs came to. */
export function VersionTable({ versions, active, mayChange }: VersionsProps) {
  return (
    <table class="rules versions">
      <caption class="visually-hidden">Versions, newest first</caption>
      <thead>
        <tr>
          <th scope="col">Version</th>
          <th scope="col">Made</th>
          <th scope="col" class="number">
            Runs
          </th>
          <th scope="col" class="number">
            Cost
          </th>
          <th scope="col" class="number">
            Oddities
          </th>
          <th scope="col">Active</th>
        </tr>
      </thead>
      <tbody>
        {versions.map((version) => (
          <tr id={`version-${version.number}`}>
            <th scope="row">
              <a href={`/prompts/${version.number}`} data-item safe>
                {`Version ${version.number}`}
              </a>
              <span class="rationale">
                <Untrusted text={`${version.reason} (${version.author})`} max={300} />
              </span>
            </th>
            <td data-label="Made">
              <Time at={version.created_at} />
            </td>
            <td data-label="Runs" class="number" safe>
              {count(version.runs)}
            </td>
            <td data-label="Cost" class="number" safe>
              {money(version.cost_usd)}
            </td>
            <td data-label="Oddities" class={["number", version.oddities > 0 && "flagged"]} safe>
              {count(version.oddities)}
            </td>
            <td data-label="Active">
              {version.number === active ? "now" : mayChange ? <ActivateForm number={version.number} active={active} /> : "–"}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** One click and a reason: what came after an old version is undone by making it active again. */
export function ActivateForm({ number, active }: { number: number; active: number | null }) {
  return (
    <details class="activate">
      <summary>{active !== null && number < active ? "Go back to it" : "Activate"}</summary>
      <form method="post" action={`/prompts/${number}/activate`} class="decision">
        {active === null ? null : <input type="hidden" name="expected_active" value={String(active)} />}
        <label for={`activate-${number}`}>Why</label>
        <input id={`activate-${number}`} name="reason" required maxlength="500" autocomplete="off" />
        <button safe>{`Activate version ${number}`}</button>
      </form>
    </details>
  );
}
