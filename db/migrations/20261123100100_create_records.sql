-- migrate:up

-- The record of what an agent read and did. The large tables are partitioned by month on their UUIDv7 id, so that the id stays
-- the whole primary key, retention drops partitions, and a time range prunes.

create table tool_calls (
  id uuid primary key,
  agent_id uuid not null references agents (id),
  run_id uuid not null references runs (id),
  mode text not null check (mode in ('real', 'dry_run', 'sandbox')),
  tool text not null,
  is_write boolean not null,
  request_id text,
  tool_use_id text,
  client_name text,
  client_version text,
  era text check (era in ('legacy', 'modern')),
  arguments jsonb not null,
  arguments_sha256 text not null check (arguments_sha256 ~ '^[0-9a-f]{64}$'),
  outcome text check (outcome in ('ok', 'tool_error', 'protocol_error', 'denied', 'rate_limited', 'cancelled', 'unknown')),
  error text check (length(error) <= 2000),
  result jsonb,
  result_sha256 text check (result_sha256 ~ '^[0-9a-f]{64}$'),
  result_bytes int check (result_bytes >= 0),
  upstream_method text,
  upstream_path text,
  upstream_status int,
  withheld int not null default 0 check (withheld >= 0),
  started_at timestamptz not null default now(),
  finished_at timestamptz,
  check ((outcome is null) = (finished_at is null))
) partition by range (id);
create index tool_calls_by_run on tool_calls (run_id, id);
create index tool_calls_by_agent on tool_calls (agent_id, id desc);
create index tool_calls_by_tool on tool_calls (tool, id desc);

-- One row for each piece of prose that was handed to the agent (`delivered`), or that the filter found suspicious and that was kept from it
-- or left out: what the agent had read before it acted, and what it had not.
create table exposures (
  id uuid primary key,
  agent_id uuid not null references agents (id),
  run_id uuid not null references runs (id),
  call_id uuid not null,
  seq int not null,
  kind text not null check (kind in ('post', 'comment', 'agent', 'submolt', 'notification', 'message', 'challenge', 'other')),
  item_id text,
  author text,
  field text not null,
  content_hash text not null check (content_hash ~ '^[0-9a-f]{64}$'),
  band text not null check (band in ('allow', 'mark', 'redact', 'withhold')),
  score real not null check (score between 0 and 1),
  rules text[] not null,
  reason text,
  degraded boolean not null default false,
  filter_version text not null,
  delivered boolean not null
) partition by range (id);
create index exposures_by_run on exposures (run_id, id);
create index exposures_by_call on exposures (call_id, seq);
create index exposures_by_item on exposures (item_id, id desc) where item_id is not null;
create index exposures_flagged on exposures (agent_id, id desc) where band <> 'allow';

-- The texts that verdicts were given on, kept apart so that they have their own retention and their own access.
create table filter_inputs (
  agent_id uuid not null references agents (id),
  content_hash text not null check (content_hash ~ '^[0-9a-f]{64}$'),
  text text not null,
  created_at timestamptz not null default now(),
  primary key (agent_id, content_hash)
);
create index filter_inputs_by_age on filter_inputs (created_at);

create table actions (
  id uuid primary key,
  agent_id uuid not null references agents (id),
  run_id uuid not null references runs (id),
  call_id uuid,
  mode text not null check (mode in ('real', 'dry_run', 'sandbox')),
  source text not null default 'witnessed' check (source in ('witnessed', 'claimed')),
  type text not null check (type in ('browsed', 'upvoted', 'downvoted', 'commented', 'replied', 'posted', 'subscribed', 'welcomed', 'checked_status',
    'checked_submolts', 'followed', 'deleted', 'searched', 'verified', 'registered', 'proposed_identity')),
  status text not null default 'done' check (status in ('done', 'pending_verification', 'failed', 'unknown')),
  target_kind text check (target_kind in ('post', 'comment', 'agent', 'submolt', 'prompt', 'account')),
  target_id text,
  target_title text check (length(target_title) <= 300),
  target_author text check (length(target_author) <= 200),
  submolt text,
  detail text check (length(detail) <= 1000)
);
create index actions_by_run on actions (run_id, id);
create index actions_by_agent on actions (agent_id, id desc);
create index actions_by_type on actions (type, id desc);

-- Security events. An id is made of the moment of what was observed and of the fingerprint, so observing it again inserts nothing:
-- the primary key is the unique fingerprint that a partitioned table could not enforce otherwise.
create table events (
  id uuid primary key,
  agent_id uuid not null references agents (id),
  run_id uuid references runs (id),
  call_id uuid,
  mode text check (mode in ('real', 'dry_run', 'sandbox')),
  type text not null check (type ~ '^[a-z_]+$'),
  severity text not null check (severity in ('info', 'low', 'medium', 'high', 'critical')),
  title text not null check (length(title) <= 300),
  detail jsonb not null default '{}',
  fingerprint text not null check (fingerprint ~ '^[0-9a-f]{64}$')
) partition by range (id);
create index events_by_agent on events (agent_id, id desc);
create index events_by_run on events (run_id, id);
create index events_by_type on events (type, id desc);

create table oddities (
  id uuid primary key,
  agent_id uuid not null references agents (id),
  run_id uuid references runs (id),
  mode text check (mode in ('real', 'dry_run', 'sandbox')),
  type text not null check (type ~ '^[a-z_]+$'),
  severity text not null check (severity in ('info', 'low', 'medium', 'high', 'critical')),
  description text not null check (length(description) <= 1000),
  call_ids uuid[] not null default '{}',
  fingerprint text not null unique check (fingerprint ~ '^[0-9a-f]{64}$')
);
create index oddities_by_agent on oddities (agent_id, id desc);

create table transcripts (
  id uuid primary key,
  agent_id uuid not null references agents (id),
  run_id uuid not null references runs (id),
  seq int not null check (seq >= 0),
  stream text not null check (stream in ('stdout', 'stderr', 'gap')),
  line text not null
) partition by range (id);
create index transcripts_by_run on transcripts (run_id, seq);

-- Creates the monthly partitions from the month of `start` to `ahead` months after the current one; answers how many it made.
create function ensure_partitions(start timestamptz, ahead int) returns int
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  parent text;
  month timestamptz := date_trunc('month', start at time zone 'utc') at time zone 'utc';
  last timestamptz := (date_trunc('month', now() at time zone 'utc') + make_interval(months => ahead)) at time zone 'utc';
  next timestamptz;
  name text;
  made int := 0;
begin
  perform pg_advisory_xact_lock(hashtext('moltbot.partitions'));
  while month <= last loop
    next := ((month at time zone 'utc') + interval '1 month') at time zone 'utc';
    foreach parent in array array['tool_calls', 'exposures', 'events', 'transcripts'] loop
      name := parent || '_' || to_char(month at time zone 'utc', 'YYYYMM');
      if to_regclass(name) is null then
        execute format('create table %I partition of %I for values from (%L) to (%L)', name, parent, uuid_floor(month), uuid_floor(next));
        made := made + 1;
      end if;
    end loop;
    month := next;
  end loop;
  return made;
end
$$;
revoke all on function ensure_partitions from public;
grant execute on function ensure_partitions to moltbot_app;
select ensure_partitions(now(), 3);

grant select, insert, update on tool_calls, actions to moltbot_app;
grant select, insert on exposures, events, oddities, transcripts to moltbot_app;
grant select, insert, delete on filter_inputs to moltbot_app;

-- migrate:down
drop function ensure_partitions;
drop table transcripts, oddities, events, actions, filter_inputs, exposures, tool_calls;
