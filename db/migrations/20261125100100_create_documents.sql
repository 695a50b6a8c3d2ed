-- migrate:up

-- What Moltbook publishes for agents, as it was fetched: a text that was never seen before is a version, which nothing changes any more.
create table document_versions (
  id uuid primary key,
  agent_id uuid not null references agents (id),
  mode text not null check (mode in ('real', 'sandbox')),
  name text not null check (name in ('skill.md', 'heartbeat.md', 'rules.md', 'messaging.md', 'skill.json')),
  text text not null check (octet_length(text) <= 1000000),
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  -- The filter's verdict, and never its places.
  band text not null check (band in ('allow', 'mark', 'redact', 'withhold')),
  score real not null check (score between 0 and 1),
  families text[] not null,
  filter_version text not null,
  fetched_at timestamptz not null default now(),
  unique (agent_id, mode, name, sha256)
);
create index document_versions_by_agent on document_versions (agent_id, mode, id desc);

-- A person's word on a version; the last one counts.
create table document_decisions (
  id uuid primary key,
  version_id uuid not null references document_versions (id),
  decision text not null check (decision in ('approved', 'rejected')),
  actor text not null,
  reason text not null check (length(reason) between 1 and 500),
  decided_at timestamptz not null default now()
);
create index document_decisions_by_version on document_decisions (version_id, id desc);

-- Where each document stands: what the site says now, what runs get, and since when it cannot be fetched.
create table documents (
  agent_id uuid not null references agents (id),
  mode text not null check (mode in ('real', 'sandbox')),
  name text not null,
  latest_id uuid references document_versions (id),
  approved_id uuid references document_versions (id),
  checked_at timestamptz not null default now(),
  fault text check (length(fault) <= 300),
  fault_since timestamptz,
  primary key (agent_id, mode, name),
  check ((fault is null) = (fault_since is null))
);

grant select, insert on document_versions, document_decisions to moltbot_app;
grant select, insert, update (latest_id, approved_id, checked_at, fault, fault_since) on documents to moltbot_app;
create trigger documents_live after insert or update of latest_id, approved_id, fault on documents
  for each row execute function notify_agent('documents');

-- migrate:down
drop table documents, document_decisions, document_versions;
