-- migrate:up

-- The role that the app works under. It owns nothing, so a stolen app connection can neither alter tables nor touch the audit log.
do $$
begin
  if not exists (select from pg_roles where rolname = 'moltbot_app') then
    create role moltbot_app nologin;
  end if;
  execute format('grant moltbot_app to %I', current_user);
end
$$;
grant usage on schema public to moltbot_app;
grant select on schema_migrations to moltbot_app;

-- Ids are UUIDv7: their first 48 bits are Unix milliseconds, so they sort by time and a range of ids is a range of time.
-- The smallest id of a moment: the lower bound for partitions and for "since" filters.
create function uuid_floor(at timestamptz) returns uuid
language sql immutable strict parallel safe
return (lpad(to_hex(floor(extract(epoch from at) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid;

-- The smallest id that a record of a run can have: an hour of slack, for the clocks of two machines never agree.
create function run_floor(run uuid) returns uuid
language sql immutable strict parallel safe
return (lpad(to_hex(('x' || lpad(left(replace(run::text, '-', ''), 12), 16, '0'))::bit(64)::bigint - 3600000), 12, '0') || repeat('0', 20))::uuid;

-- The moment in an id, to the millisecond.
create function uuid_time(id uuid) returns timestamptz
language sql immutable strict parallel safe
return to_timestamp(('x' || lpad(left(replace(id::text, '-', ''), 12), 16, '0'))::bit(64)::bigint / 1000.0);

create table agents (
  id uuid primary key,
  name text not null unique check (name ~ '^[A-Za-z0-9_-]{1,64}$'),
  created_at timestamptz not null default now()
);

create table prompt_versions (
  id uuid primary key,
  agent_id uuid not null references agents (id),
  number int not null check (number > 0),
  text text not null check (length(text) between 1 and 50000),
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  author text not null check (author ~ '^(system|operator|agent)(:.{1,200})?$'),
  reason text not null check (length(reason) between 1 and 500),
  parent_id uuid references prompt_versions (id),
  created_at timestamptz not null default now(),
  unique (agent_id, number),
  unique (agent_id, sha256)
);

-- What is active is history: a row opens when a version becomes active and closes when the next one does.
create table prompt_activations (
  id uuid primary key,
  agent_id uuid not null references agents (id),
  version_id uuid not null references prompt_versions (id),
  actor text not null,
  reason text not null,
  activated_at timestamptz not null default now(),
  deactivated_at timestamptz check (deactivated_at >= activated_at)
);
create unique index prompt_activations_one_active on prompt_activations (agent_id) where deactivated_at is null;

create table runs (
  id uuid primary key,
  agent_id uuid not null references agents (id),
  mode text not null check (mode in ('real', 'dry_run', 'sandbox')),
  kind text not null default 'heartbeat' check (kind in ('heartbeat', 'ad_hoc', 'claimed')),
  trigger text not null check (trigger in ('schedule', 'manual', 'first_start', 'token', 'import')),
  slot text,
  status text not null check (status in ('queued', 'running', 'stopping', 'succeeded', 'failed', 'timed_out', 'cancelled', 'lost', 'skipped')),
  outcome text check (outcome in ('acted', 'nothing_to_do', 'degraded', 'blocked', 'unknown')),
  skip_reason text check (skip_reason in ('paused', 'kill_switch', 'outside_active_hours', 'overlap', 'budget', 'gate_no_news', 'preflight_failed', 'account_suspended', 'prompt_missing')),
  detail text check (length(detail) <= 5000),
  prompt_version_id uuid references prompt_versions (id),
  agent_command text,
  runner text,
  lease_expires_at timestamptz,
  agent_pid int,
  model text,
  client_version text,
  session_id text,
  input_tokens bigint check (input_tokens >= 0),
  output_tokens bigint check (output_tokens >= 0),
  cache_read_tokens bigint check (cache_read_tokens >= 0),
  cache_creation_tokens bigint check (cache_creation_tokens >= 0),
  cost_usd numeric(12, 6) check (cost_usd >= 0),
  turns int check (turns >= 0),
  exit_code int,
  summary text check (length(summary) <= 5000),
  created_at timestamptz not null default now(),
  started_at timestamptz,
  finished_at timestamptz check (finished_at >= started_at),
  unique (agent_id, slot),
  check ((status in ('queued', 'running', 'stopping')) = (finished_at is null)),
  check ((status = 'skipped') = (skip_reason is not null))
);
create index runs_by_agent on runs (agent_id, id desc);
create index runs_by_status on runs (status, id desc);
-- One live heartbeat an agent, whatever the number of processes: a second claim meets this index.
create unique index runs_one_live_heartbeat on runs (agent_id) where kind = 'heartbeat' and status in ('queued', 'running', 'stopping');

create table run_tokens (
  id uuid primary key,
  agent_id uuid not null references agents (id),
  run_id uuid not null references runs (id),
  token_hash bytea not null unique check (octet_length(token_hash) = 32),
  policy jsonb not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  revoked_at timestamptz
);
create index run_tokens_by_run on run_tokens (run_id);

-- A schedule fires in every process; the one that inserts the slot's row runs it.
create table schedule_slots (
  job text not null,
  slot timestamptz not null,
  claimed_by text not null,
  claimed_at timestamptz not null default now(),
  finished_at timestamptz,
  ok boolean,
  detail text,
  primary key (job, slot)
);

create table sessions (
  id uuid primary key,
  token_hash bytea not null unique check (octet_length(token_hash) = 32),
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);

create table sign_in_links (
  token_hash bytea primary key check (octet_length(token_hash) = 32),
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz
);

create table api_keys (
  id uuid primary key,
  name text not null check (length(name) between 1 and 100),
  scope text not null check (scope in ('read', 'write', 'ingest')),
  key_hash bytea not null unique check (octet_length(key_hash) = 32),
  created_at timestamptz not null default now(),
  last_used_at timestamptz,
  revoked_at timestamptz
);

grant select, insert, update on agents, prompt_activations, runs, run_tokens, schedule_slots, sessions, sign_in_links, api_keys to moltbot_app;
grant select, insert on prompt_versions to moltbot_app;
grant delete on schedule_slots, sessions, sign_in_links to moltbot_app;

-- migrate:down
drop table api_keys, sign_in_links, sessions, schedule_slots, run_tokens, runs, prompt_activations, prompt_versions, agents;
drop function uuid_time, run_floor, uuid_floor;
