-- migrate:up

-- One append-only chain over everything that matters. A record's hash is the SHA-256 of its RFC 8785 canonical JSON, which holds the
-- hash of the record before it. Bodies hold ids and digests only, so retention elsewhere never breaks the chain.
create table audit_log (
  seq bigint primary key check (seq > 0),
  at timestamptz not null,
  agent_id uuid,
  kind text not null check (kind ~ '^[a-z_]+\.[a-z_]+$'),
  body text not null check (left(body, 1) = '{'),
  prev_hash bytea not null check (octet_length(prev_hash) = 32),
  hash bytea not null unique check (octet_length(hash) = 32)
);

-- The only way to append. `body` must already be canonical JSON; the envelope's keys stand here in canonical (sorted) order.
-- One appender at a time: the lock is held to the end of the transaction, so sequence numbers have no gaps.
create function append_audit(agent uuid, kind text, body text) returns bigint
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  head record;
  at timestamptz;
  record_json text;
begin
  perform pg_advisory_xact_lock(hashtext('moltbot.audit'));
  select l.seq, l.hash into head from audit_log l order by l.seq desc limit 1;
  if head is null then
    select 0::bigint as seq, decode(repeat('00', 32), 'hex') as hash into head;
  end if;
  at := date_trunc('milliseconds', clock_timestamp());
  record_json := '{"agent_id":' || coalesce('"' || agent || '"', 'null')
    || ',"at":"' || to_char(at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
    || '","body":' || body
    || ',"kind":"' || kind
    || '","prev_hash":"' || encode(head.hash, 'hex')
    || '","seq":' || (head.seq + 1) || '}';
  insert into audit_log (seq, at, agent_id, kind, body, prev_hash, hash)
  values (head.seq + 1, at, agent, kind, body, head.hash, sha256(convert_to(record_json, 'UTF8')));
  return head.seq + 1;
end
$$;
revoke all on function append_audit from public;
grant execute on function append_audit to moltbot_app;
grant select on audit_log to moltbot_app;

create function refuse_audit_change() returns trigger
language plpgsql as $$
begin
  raise exception 'the audit log is append-only';
end
$$;
create trigger audit_log_append_only before update or delete or truncate on audit_log
  for each statement execute function refuse_audit_change();

-- migrate:down
drop table audit_log;
drop function append_audit;
drop function refuse_audit_change;
