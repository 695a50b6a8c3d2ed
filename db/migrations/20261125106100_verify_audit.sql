-- migrate:up

-- Each time that a stretch of the chain was recomputed: from which record to which, the hash of the last one, and what did not fit, if anything.
create table audit_verifications (
  id uuid primary key,
  actor text not null,
  first_seq bigint not null check (first_seq > 0),
  last_seq bigint not null check (last_seq >= first_seq - 1),
  head bytea check (octet_length(head) = 32),
  fault_seq bigint,
  fault_reason text check (length(fault_reason) <= 200),
  check ((fault_seq is null) = (fault_reason is null))
);
grant select, insert on audit_verifications to moltbot_app;

-- For the page of the chain. Both are appended to at their end or at that of a kind.
create index audit_log_by_kind on audit_log (kind, seq desc);
create index audit_log_by_agent on audit_log (agent_id, seq desc);
create index audit_log_by_time on audit_log (at);

-- migrate:down
drop index audit_log_by_time, audit_log_by_agent, audit_log_by_kind;
drop table audit_verifications;
