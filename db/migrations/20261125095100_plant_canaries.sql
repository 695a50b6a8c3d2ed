-- migrate:up

-- Texts without any use that a run's agent is surrounded with, so that whoever repeats one has been led astray or has stolen it. Only their
-- SHA-256 is kept. `seen_at` is when one was first read on Moltbook.
create table canaries (
  sha256 bytea primary key check (octet_length(sha256) = 32),
  agent_id uuid not null references agents (id),
  run_id uuid not null references runs (id),
  kind text not null check (kind in ('prompt', 'credential')),
  planted_at timestamptz not null default now(),
  seen_at timestamptz
);

-- Why writing was frozen; null: verification challenges failed in a row.
alter table moltbook_accounts add column frozen_because text check (frozen_because = 'canary');

grant select, insert, update (seen_at) on canaries to moltbot_app;

-- migrate:down
alter table moltbook_accounts drop column frozen_because;
drop table canaries;
