import type { Unsettled } from "../server/account/schema.ts";
import { UNSETTLED } from "./account-words.ts";
import { plain } from "./format.ts";
import { Badge, Empty, Time, Untrusted } from "./parts.tsx";

/** What was written and has an open fate, each leading to its call. */
export function UnsettledList({ unsettled }: { unsettled: Unsettled[] }) {
  if (unsettled.length === 0) return <Empty>Nothing: whatever was written is known to be there, or not to be.</Empty>;
  return (
    <ul class="log">
      {unsettled.map((item) => (
        <li id={`unsettled-${item.call_id}`}>
          <p class="log-what">
            <Badge wording={UNSETTLED[item.state]} />{" "}
            <a href={`/runs/${item.run_id}#call-${item.call_id}`} data-item>
              <Untrusted text={plain(item.what)} max={64} />
            </a>{" "}
            {item.title === null ? null : (
              <q>
                <Untrusted text={item.title} max={120} />
              </q>
            )}
            {item.place === null ? null : (
              <span class="by">
                {" in "}
                <Untrusted text={item.place} max={60} />
              </span>
            )}
          </p>
          <p class="log-when">
            <Time at={item.since} />
          </p>
        </li>
      ))}
    </ul>
  );
}
