import type { SecurityEvent } from "../server/security/schema.ts";
import { Badge, Empty, Time, Untrusted } from "./parts.tsx";
import { nameOfType } from "./security-words.ts";
import { SEVERITY } from "./words.ts";

/** Security events, each leading to the call or the run that it happened in. */
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
  if (event.run_id === null) return <Untrusted text={event.title} />;
  return (
    <a href={event.call_id === null ? `/runs/${event.run_id}` : `/runs/${event.run_id}#call-${event.call_id}`} data-item>
      <Untrusted text={event.title} />
    </a>
  );
}
