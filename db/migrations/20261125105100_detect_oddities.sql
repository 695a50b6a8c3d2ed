-- migrate:up

-- What the operator changed about a rule that looks for oddities; null is as the rule says. A rule without a row is as it came.
create table oddity_rules (
  type text primary key check (type ~ '^[a-z_]+$'),
  enabled boolean,
  threshold int check (threshold > 0),
  changed_by text not null,
  changed_at timestamptz not null default now()
);
grant select, insert, update on oddity_rules to moltbot_app;

-- A UUIDv7 (RFC 9562, 5.7) whose time is that of the observation and whose random bits are the first ones of its fingerprint.
create function observed_id(at timestamptz, fingerprint text) returns uuid language sql immutable strict parallel safe
  return (lpad(to_hex(floor(extract(epoch from at) * 1000)::bigint), 12, '0') || '7' || left(fingerprint, 3)
    || to_hex(8 + (('x' || substr(fingerprint, 4, 1))::bit(4)::int & 3)) || substr(fingerprint, 5, 15))::uuid;

-- The same item seen again is no new attempt.
create index events_attempts on events (agent_id, fingerprint) where type in ('injection_attempt', 'suspicious_pattern');
-- The votes on a target, to find one that was cast twice.
create index actions_votes on actions (agent_id, target_id, id) where type in ('upvoted', 'downvoted', 'unvoted');

-- migrate:down
drop index actions_votes;
drop index events_attempts;
drop function observed_id(timestamptz, text);
drop table oddity_rules;
