-- migrate:up

-- Authors whose items are withheld from an agent, whatever they say. One row for each block; those that have ended stay as history. A block is
-- in force until `expires_at` (null: for ever) or until it is lifted. `handle` is the name as names are compared.
create table blocked_authors (
  id uuid primary key,
  agent_id uuid not null references agents (id),
  mode text not null check (mode in ('real', 'sandbox')),
  author text not null check (length(author) between 1 and 100),
  handle text not null check (length(handle) between 1 and 300),
  reason text not null check (length(reason) between 1 and 500),
  source text not null check (source in ('operator', 'automatic', 'import')),
  -- Items of the author that were flagged before it was blocked.
  flag_count int not null default 0 check (flag_count >= 0),
  blocked_at timestamptz not null default now(),
  blocked_by text not null,
  expires_at timestamptz check (expires_at > blocked_at),
  unblocked_at timestamptz,
  unblocked_by text,
  check ((unblocked_at is null) = (unblocked_by is null))
);
create unique index blocked_authors_active on blocked_authors (agent_id, mode, handle) where unblocked_at is null;
create index blocked_authors_by_handle on blocked_authors (agent_id, mode, handle, id desc);
create index blocked_authors_by_agent on blocked_authors (agent_id, mode, id desc);
-- What was blocked, why and by whom is never rewritten.
grant select, insert, update (unblocked_at, unblocked_by) on blocked_authors to moltbot_app;
create trigger blocked_authors_live after insert or update on blocked_authors for each row execute function notify_agent('blocked_authors');

-- Of the few flagged texts: whose they are.
create index exposures_flagged_by_author on exposures (agent_id, lower(author)) where band in ('redact', 'withhold');

-- migrate:down
drop index exposures_flagged_by_author;
drop table blocked_authors;
