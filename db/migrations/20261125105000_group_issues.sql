-- migrate:up

create function severity_rank(severity text) returns int language sql immutable strict parallel safe
  return array_position(array['info', 'low', 'medium', 'high', 'critical'], severity);

-- What events and oddities have in common that are the same issue: not the moment, but what happened, in which mode, and about whom or what.
-- A UUIDv8 (RFC 9562, 5.8) of the first bits of a SHA-256. Kept beside every row, whoever inserts it.
create function issue_key(kind text, agent uuid, mode text, type text, subject text) returns uuid language sql immutable parallel safe
  return overlay(overlay(left(encode(sha256(decode(replace(
    kind || ' ' || agent || ' ' || coalesce(mode, '') || ' ' || type || ' ' || lower(coalesce(subject, '')), '\', '\\'), 'escape')), 'hex'), 32)
    placing '8' from 13 for 1) placing '8' from 17 for 1)::uuid;

alter table events add column issue uuid not null
  generated always as (issue_key('event', agent_id, mode, type, coalesce(author, source_ip, detail ->> 'tool'))) stored;
create index events_by_issue on events (issue, id);

alter table oddities
  add column subject text not null default '' check (length(subject) <= 300),
  add column updated_at timestamptz not null default now();
alter table oddities add column issue uuid not null generated always as (issue_key('oddity', agent_id, mode, type, subject)) stored;
create index oddities_by_issue on oddities (issue, id);
create index oddities_by_time on oddities (id desc);
grant update (severity, description, call_ids, updated_at) on oddities to moltbot_app;

-- How often each issue came up, and how much of each kind there was on each day: what lists of issues and figures are read from, whatever the number
-- of events. Every statement that inserts events appends its own counts, so that nobody ever waits for anybody else's; they are added up later.
create table issue_tallies (
  issue uuid not null,
  agent_id uuid not null,
  kind text not null check (kind in ('event', 'oddity')),
  mode text,
  type text not null,
  severity text not null,
  author text,
  count int not null,
  first_at timestamptz not null,
  last_at timestamptz not null,
  last_id uuid not null
);
create index issue_tallies_by_issue on issue_tallies (issue);
create index issue_tallies_urgent on issue_tallies (agent_id, issue) where severity in ('high', 'critical');

create table day_tallies (
  day date not null,
  agent_id uuid not null,
  kind text not null check (kind in ('event', 'oddity')),
  mode text,
  type text not null,
  severity text not null,
  count int not null,
  risk_count int not null,
  risk_sum float8 not null,
  risk_max real
);
create index day_tallies_by_day on day_tallies (day);

-- How often each tool was called, kept in the same way.
create table tool_tallies (agent_id uuid not null, mode text not null, tool text not null, count int not null);

create function tally_events() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into issue_tallies (issue, agent_id, kind, mode, type, severity, author, count, first_at, last_at, last_id)
  select issue, agent_id, 'event', mode, type, severity, max(author), count(*), min(uuid_time(id)), max(uuid_time(id)), max(id::text)::uuid
  from added group by issue, agent_id, mode, type, severity;
  insert into day_tallies (day, agent_id, kind, mode, type, severity, count, risk_count, risk_sum, risk_max)
  select (uuid_time(id) at time zone 'utc')::date, agent_id, 'event', mode, type, severity, count(*), count(risk_score), coalesce(sum(risk_score), 0),
    max(risk_score)
  from added group by 1, agent_id, mode, type, severity;
  perform pg_notify('live', json_build_object('table', 'events', 'run_id', run_id)::text) from (select distinct run_id from added limit 20) runs;
  return null;
end
$$;
create trigger events_tallied after insert on events referencing new table as added for each statement execute function tally_events();

-- An oddity that has grown is none more, but it came up again.
create function tally_oddities() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into issue_tallies (issue, agent_id, kind, mode, type, severity, count, first_at, last_at, last_id)
  select issue, agent_id, 'oddity', mode, type, severity, case when tg_op = 'INSERT' then 1 else 0 end, uuid_time(id),
    case when tg_op = 'INSERT' then uuid_time(id) else updated_at end, id
  from added;
  insert into day_tallies (day, agent_id, kind, mode, type, severity, count, risk_count, risk_sum)
  select (uuid_time(id) at time zone 'utc')::date, agent_id, 'oddity', mode, type, severity, 1, 0, 0 from added where tg_op = 'INSERT';
  perform pg_notify('live', json_build_object('table', 'oddities', 'run_id', run_id)::text) from (select distinct run_id from added limit 20) runs;
  return null;
end
$$;
create trigger oddities_tallied after insert on oddities referencing new table as added for each statement execute function tally_oddities();
create trigger oddities_grown after update on oddities referencing new table as added for each statement execute function tally_oddities();

create function tally_tools() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into tool_tallies (agent_id, mode, tool, count) select agent_id, mode, tool, count(*) from added group by agent_id, mode, tool;
  return null;
end
$$;
create trigger tool_calls_tallied after insert on tool_calls referencing new table as added for each statement execute function tally_tools();

-- Adds the counts up: one row for an issue and a severity, one for a day, and one for a tool. Answers how many rows that saved. Whoever reads in the
-- meantime sees the rows from before, or those from after.
create function compact_tallies() returns int language sql security definer set search_path = public, pg_temp as $$
  with turn as materialized (
    select pg_try_advisory_xact_lock(hashtext('moltbot.tallies')) as ours
  ), several as (
    select issue, severity from issue_tallies where (select ours from turn) group by issue, severity having count(*) > 1
  ), gone as (
    delete from issue_tallies t using several s where t.issue = s.issue and t.severity = s.severity returning t.*
  ), kept as (
    insert into issue_tallies (issue, agent_id, kind, mode, type, severity, author, count, first_at, last_at, last_id)
    select issue, agent_id, kind, mode, type, severity, max(author), sum(count), min(first_at), max(last_at), max(last_id::text)::uuid
    from gone group by issue, agent_id, kind, mode, type, severity returning 1
  ), several_days as (
    select day, type from day_tallies where (select ours from turn)
    group by day, agent_id, kind, mode, type, severity having count(*) > 1
  ), gone_days as (
    delete from day_tallies t using (select distinct day, type from several_days) s where t.day = s.day and t.type = s.type returning t.*
  ), kept_days as (
    insert into day_tallies (day, agent_id, kind, mode, type, severity, count, risk_count, risk_sum, risk_max)
    select day, agent_id, kind, mode, type, severity, sum(count), sum(risk_count), sum(risk_sum), max(risk_max)
    from gone_days group by day, agent_id, kind, mode, type, severity returning 1
  ), gone_tools as (
    delete from tool_tallies where (select ours from turn) returning *
  ), kept_tools as (
    insert into tool_tallies (agent_id, mode, tool, count) select agent_id, mode, tool, sum(count) from gone_tools group by agent_id, mode, tool
    returning 1
  )
  select ((select count(*) from gone) - (select count(*) from kept) + (select count(*) from gone_days) - (select count(*) from kept_days)
    + (select count(*) from gone_tools) - (select count(*) from kept_tools))::int
$$;
revoke execute on function compact_tallies() from public;
grant execute on function compact_tallies() to moltbot_app;
grant select on issue_tallies, day_tallies, tool_tallies to moltbot_app;

-- What the operator decided about an issue, one row a decision; the newest one counts. Those that were made at once share a batch, so that they can
-- be taken back at once. `severity` is how bad the issue was then: what gets worse opens again.
create table triage (
  id uuid primary key,
  agent_id uuid not null references agents (id),
  issue uuid not null,
  state text not null check (state in ('open', 'acknowledged', 'muted', 'resolved')),
  severity text not null check (severity in ('info', 'low', 'medium', 'high', 'critical')),
  reason text check (length(reason) <= 500),
  until timestamptz,
  batch uuid not null,
  decided_by text not null check (length(decided_by) between 1 and 100),
  decided_at timestamptz not null default now(),
  check ((state = 'muted') = (until is not null)),
  check (state <> 'muted' or (reason is not null and severity <> 'critical'))
);
create index triage_by_issue on triage (issue, id desc);
create index triage_by_batch on triage (batch);
grant select, insert on triage to moltbot_app;

create function notify_triage() returns trigger language plpgsql as $$
begin
  perform pg_notify('live', '{"table":"triage","run_id":null}');
  return null;
end
$$;
create trigger triage_live after insert on triage for each statement execute function notify_triage();

create view issues as
select t.*, (array['info', 'low', 'medium', 'high', 'critical'])[t.severity_rank] as severity,
  d.id as decision_id, d.reason, d.until, d.decided_by, d.decided_at,
  case
    when d.state is null then 'open'
    when d.state = 'resolved' and t.last_at > d.decided_at then 'regressed'
    when d.state = 'muted' and d.until <= now() then 'open'
    when d.state in ('acknowledged', 'muted') and t.severity_rank > severity_rank(d.severity) then 'open'
    else d.state
  end as state
from (
  select issue, agent_id, kind, mode, type, max(author) as author, sum(count)::int as count, min(first_at) as first_at, max(last_at) as last_at,
    max(last_id::text)::uuid as last_id, max(severity_rank(severity)) as severity_rank
  from issue_tallies group by issue, agent_id, kind, mode, type
) t left join lateral (
  select * from triage where triage.issue = t.issue order by triage.id desc limit 1
) d on true;
grant select on issues to moltbot_app;

-- What is on record already.
insert into issue_tallies (issue, agent_id, kind, mode, type, severity, author, count, first_at, last_at, last_id)
select issue, agent_id, 'event', mode, type, severity, max(author), count(*), min(uuid_time(id)), max(uuid_time(id)), max(id::text)::uuid
from events group by issue, agent_id, mode, type, severity;
insert into day_tallies (day, agent_id, kind, mode, type, severity, count, risk_count, risk_sum, risk_max)
select (uuid_time(id) at time zone 'utc')::date, agent_id, 'event', mode, type, severity, count(*), count(risk_score), coalesce(sum(risk_score), 0),
  max(risk_score)
from events group by 1, agent_id, mode, type, severity;
insert into issue_tallies (issue, agent_id, kind, mode, type, severity, count, first_at, last_at, last_id)
select issue, agent_id, 'oddity', mode, type, severity, 1, uuid_time(id), uuid_time(id), id from oddities;
insert into day_tallies (day, agent_id, kind, mode, type, severity, count, risk_count, risk_sum)
select (uuid_time(id) at time zone 'utc')::date, agent_id, 'oddity', mode, type, severity, 1, 0, 0 from oddities;
insert into tool_tallies (agent_id, mode, tool, count) select agent_id, mode, tool, count(*) from tool_calls group by agent_id, mode, tool;

-- migrate:down
drop view issues;
drop table triage;
drop function notify_triage();
drop trigger tool_calls_tallied on tool_calls;
drop trigger oddities_grown on oddities;
drop trigger oddities_tallied on oddities;
drop trigger events_tallied on events;
drop function compact_tallies();
drop function tally_tools();
drop function tally_oddities();
drop function tally_events();
drop table issue_tallies, day_tallies, tool_tallies;
revoke update (severity, description, call_ids, updated_at) on oddities from moltbot_app;
alter table oddities drop column issue, drop column updated_at, drop column subject;
alter table events drop column issue;
drop function issue_key(text, uuid, text, text, text);
drop function severity_rank(text);
