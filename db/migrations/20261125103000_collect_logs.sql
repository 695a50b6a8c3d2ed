-- migrate:up

-- What lists of events filter by and count: each was in `detail`, where no statistics and no index can see it.
alter table events
  add column risk_score real check (risk_score between 0 and 1),
  add column author text check (length(author) <= 200),
  add column source_ip text check (length(source_ip) <= 100),
  add column post_id text check (length(post_id) <= 200);

-- Logs bring events by the million. No agent is ever deleted, and who inserts an event has the agent's own row; the check of the fingerprint is
-- the same one without a regular expression; events of no run need no place in the index by run; and an index that grows at its end takes half the
-- room of one that grows in its middle, and is read backwards as fast as forwards.
alter table events drop constraint events_agent_id_fkey;
alter table events drop constraint events_fingerprint_check;
alter table events add constraint events_fingerprint_check
  check (octet_length(decode(fingerprint, 'hex')) = 32 and fingerprint = lower(fingerprint));
drop index events_by_run;
create index events_by_run on events (run_id, id) where run_id is not null;
drop index events_by_agent;
create index events_by_agent on events (agent_id, id);
drop index events_by_type;
create index events_by_type on events (type, id);

-- How far each log file has been read. A file is known by its device and inode, and by its first line: an inode that was used again, or a file that
-- was emptied and has grown past where we were, is another file, and a copy of a file that we know is read from where we were in that.
create table log_positions (
  device bigint not null,
  inode bigint not null,
  path text not null check (length(path) <= 4096),
  head bytea not null check (octet_length(head) = 32),
  read_to bigint not null check (read_to > 0),
  read_at timestamptz not null default now(),
  primary key (device, inode)
);
create index log_positions_by_head on log_positions (head);

-- Lines that mean nothing to us, once each, with how often they came. `last_at` is the moment that the newest of them names, if they name one.
create table log_lines_unknown (
  fingerprint bytea primary key check (octet_length(fingerprint) = 32),
  source text not null check (source in ('audit', 'container')),
  line text not null check (length(line) <= 2000),
  count bigint not null check (count > 0),
  last_at timestamptz,
  first_seen timestamptz not null default now()
);

grant select, insert, update, delete on log_positions, log_lines_unknown to moltbot_app;

-- migrate:down
drop table log_lines_unknown, log_positions;
drop index events_by_type;
create index events_by_type on events (type, id desc);
drop index events_by_agent;
create index events_by_agent on events (agent_id, id desc);
drop index events_by_run;
create index events_by_run on events (run_id, id);
alter table events drop constraint events_fingerprint_check;
alter table events add constraint events_fingerprint_check check (fingerprint ~ '^[0-9a-f]{64}$');
alter table events add constraint events_agent_id_fkey foreign key (agent_id) references agents (id);
alter table events drop column risk_score, drop column author, drop column source_ip, drop column post_id;
