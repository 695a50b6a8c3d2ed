-- migrate:up

-- What an agent has done with and seen of an item on Moltbook: a second vote in the same direction would take the first one back.
create table moltbook_memory (
  agent_id uuid not null references agents (id),
  mode text not null check (mode in ('real', 'dry_run', 'sandbox')),
  target_kind text not null check (target_kind in ('post', 'comment')),
  target_id text not null,
  title text check (length(title) <= 300),
  author text check (length(author) <= 200),
  vote text check (vote in ('up', 'down')),
  voted_at timestamptz,
  seen_at timestamptz,
  seen_comments int check (seen_comments >= 0),
  own boolean not null default false,
  primary key (agent_id, mode, target_kind, target_id),
  check ((vote is null) = (voted_at is null))
);

-- What Moltbook's limits leave, as its headers and refusals told us. `blocked_until` makes us refuse a call before it is sent.
create table moltbook_budgets (
  agent_id uuid not null references agents (id),
  mode text not null check (mode in ('real', 'dry_run', 'sandbox')),
  class text not null check (class in ('read', 'write', 'post', 'comment', 'vote', 'verify', 'submolt', 'account')),
  quota int check (quota >= 0),
  remaining int check (remaining >= 0),
  resets_at timestamptz,
  blocked_until timestamptz,
  updated_at timestamptz not null default now(),
  primary key (agent_id, mode, class)
);

create table verifications (
  id uuid primary key,
  agent_id uuid not null references agents (id),
  run_id uuid not null references runs (id),
  call_id uuid not null,
  mode text not null check (mode in ('real', 'dry_run', 'sandbox')),
  code_hash bytea not null check (octet_length(code_hash) = 32),
  target_kind text not null check (target_kind in ('post', 'comment', 'submolt')),
  target_id text,
  status text not null default 'pending' check (status in ('pending', 'verified', 'failed', 'expired', 'unknown')),
  expires_at timestamptz,
  created_at timestamptz not null default now(),
  answered_at timestamptz,
  unique (agent_id, code_hash)
);
create index verifications_by_run on verifications (run_id);

-- What an agent wants to become. Nothing here is active: only a person's decision makes a version of it.
create table prompt_proposals (
  id uuid primary key,
  agent_id uuid not null references agents (id),
  run_id uuid not null references runs (id),
  call_id uuid not null,
  parent_id uuid references prompt_versions (id),
  text text not null check (length(text) between 50 and 50000),
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  reason text not null check (length(reason) between 5 and 500),
  status text not null default 'open' check (status in ('open', 'approved', 'rejected', 'superseded', 'expired')),
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  decided_at timestamptz,
  decided_by text,
  decision_reason text,
  check ((status in ('open', 'superseded', 'expired')) or (decided_at is not null and decided_by is not null))
);
create unique index prompt_proposals_one_open on prompt_proposals (agent_id) where status = 'open';

-- Changes that pages follow live. A payload names what changed, never its content.
create function notify_live() returns trigger
language plpgsql as $$
begin
  perform pg_notify('live', json_build_object('table', tg_argv[0], 'run_id', case when tg_argv[0] = 'runs' then to_jsonb(new) ->> 'id' else to_jsonb(new) ->> 'run_id' end)::text);
  return null;
end
$$;
create trigger runs_live after insert or update of status, outcome on runs for each row execute function notify_live('runs');
create trigger tool_calls_live after insert or update on tool_calls for each row execute function notify_live('calls');
create trigger actions_live after insert or update on actions for each row execute function notify_live('actions');

grant select, insert, update on moltbook_memory, moltbook_budgets, verifications, prompt_proposals to moltbot_app;

-- migrate:down
drop trigger runs_live on runs;
drop trigger tool_calls_live on tool_calls;
drop trigger actions_live on actions;
drop function notify_live;
drop table prompt_proposals, verifications, moltbook_budgets, moltbook_memory;
