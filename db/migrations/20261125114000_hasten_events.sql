-- migrate:up

-- The same tallies as before: what a row says of its issue is grouped by instead of compared as text, and its moment is read off its id once.
create or replace function tally_events() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  with timed as (
    select agent_id, mode, type, issue, severity, author, risk_score, id, uuid_time(id) as at from added offset 0
  ), counted as materialized (
    select agent_id, mode, type, issue, severity, (at at time zone 'utc')::date as day, max(author) as author, count(*) as count,
      count(risk_score) as risk_count, sum(risk_score) as risk_sum, max(risk_score) as risk_max, min(at) as first_at, max(at) as last_at,
      max(id::text)::uuid as last_id
    from timed group by 1, 2, 3, 4, 5, 6
  ), days as (
    insert into day_tallies (day, agent_id, kind, mode, type, severity, count, risk_count, risk_sum, risk_max)
    select day, agent_id, 'event', mode, type, severity, sum(count), sum(risk_count), coalesce(sum(risk_sum), 0), max(risk_max)
    from counted group by day, agent_id, mode, type, severity
  )
  insert into issue_tallies (issue, agent_id, kind, mode, type, severity, author, count, first_at, last_at, last_id)
  select issue, agent_id, 'event', mode, type, severity, author, count, first_at, last_at, last_id from counted;
  perform pg_notify('live', json_build_object('table', 'events', 'run_id', run_id)::text) from (select distinct run_id from added limit 20) runs;
  return null;
end
$$;

-- The same keys as before: what makes them UUIDs of version 8 (RFC 9562, 5.8) is set in their bits, not in their text.
create or replace function issue_key(kind text, agent uuid, mode text, type text, subject text) returns uuid language sql immutable parallel safe
  return encode(
    set_bit(set_bit(set_bit(set_bit(set_bit(set_bit(set_bit(set_bit(substring(sha256(decode(replace(
      kind || ' ' || agent::text || ' ' || coalesce(mode, '') || ' ' || type || ' ' || lower(coalesce(subject, '')), '\', '\\'), 'escape'))
      from 1 for 16), 55, 1), 54, 0), 53, 0), 52, 0), 71, 1), 70, 0), 69, 0), 68, 0), 'hex')::uuid;

-- migrate:down
create or replace function issue_key(kind text, agent uuid, mode text, type text, subject text) returns uuid language sql immutable parallel safe
  return overlay(overlay(encode(substring(sha256(decode(replace(
    kind || ' ' || agent::text || ' ' || coalesce(mode, '') || ' ' || type || ' ' || lower(coalesce(subject, '')), '\', '\\'), 'escape'))
    from 1 for 16), 'hex') placing '8' from 13 for 1) placing '8' from 17 for 1)::uuid;
create or replace function tally_events() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  with counted as materialized (
    select issue, severity, (uuid_time(id) at time zone 'utc')::date as day, min(agent_id::text)::uuid as agent_id, min(mode) as mode, min(type) as type,
      max(author) as author, count(*) as count, count(risk_score) as risk_count, sum(risk_score) as risk_sum, max(risk_score) as risk_max,
      min(id::text)::uuid as first_id, max(id::text)::uuid as last_id
    from added group by 1, 2, 3
  ), days as (
    insert into day_tallies (day, agent_id, kind, mode, type, severity, count, risk_count, risk_sum, risk_max)
    select day, agent_id, 'event', mode, type, severity, sum(count), sum(risk_count), coalesce(sum(risk_sum), 0), max(risk_max)
    from counted group by day, agent_id, mode, type, severity
  )
  insert into issue_tallies (issue, agent_id, kind, mode, type, severity, author, count, first_at, last_at, last_id)
  select issue, agent_id, 'event', mode, type, severity, author, count, uuid_time(first_id), uuid_time(last_id), last_id from counted;
  perform pg_notify('live', json_build_object('table', 'events', 'run_id', run_id)::text) from (select distinct run_id from added limit 20) runs;
  return null;
end
$$;
