import type { SecurityEvent } from "../server/security/schema.ts";
import { Badge, Empty, Time, Untrusted } from "./parts.tsx";
import { nameOfType } from "./security-words.ts";
import { SEVERITY } from "./words.ts";

/** Security events, each leading to the call or the run that it happened in, or to itself where there was none. */
export function EventList({ events, empty }: { events: SecurityEvent[]; empty: string }) {
  if (events.length === 0) {
    return (
      <Empty>
        <span safe>{empty}</span>
      </Empty>
    );
  }
  return (
    <ul class="log">
      {events.map((event) => (
        <li id={`event-${event.id}`}>
          <p class="log-what">
            <Badge wording={SEVERITY[event.severity]} /> <Title event={event} />
          </p>
          <p class="log-when">
            <span safe>{nameOfType(event.type)}</span>
            <Time at={event.created_at} />
          </p>
        </li>
      ))}
    </ul>
  );
}

function Title({ event }: { event: SecurityEvent }) {
  return (
    <a href={placeOf(event)} data-item>
      <Untrusted text={event.title} />
    </a>
  );
}

function placeOf({ id, run_id: run, call_id: call }: SecurityEvent): string {
  if (run === null) return `/security/events/${id}`;
  return call === null ? `/runs/${run}` : `/runs/${run}#call-${call}`;
}
