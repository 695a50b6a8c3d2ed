-- migrate:up

-- An oddity may be of no run, or of calls in several: the runs of its calls are evidence as well.
create or replace function expired_partitions() returns table (class text, name text, rows bigint, first_id uuid, last_id uuid, held text)
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
  issues_open uuid[] := array(
    select i.issue from issues i
    where i.state not in ('resolved', 'muted') and (i.severity in ('high', 'critical') or i.decision_id is not null));
  calls_open uuid[] := array(
    select e.call_id from events e where e.issue = any(issues_open) and e.call_id is not null
    union select unnest(o.call_ids) from oddities o where o.issue = any(issues_open));
  runs_open uuid[] := array(
    select e.run_id from events e where e.issue = any(issues_open) and e.run_id is not null
    union select o.run_id from oddities o where o.issue = any(issues_open) and o.run_id is not null
    union select c.run_id from tool_calls c where c.id = any(calls_open));
  runs_live uuid[] := array(select r.id from runs r where r.kind = 'heartbeat' and r.status in ('queued', 'running', 'stopping'));
begin
  for class, name in
    select p.relname, c.relname from pg_class p join pg_inherits i on i.inhparent = p.oid join pg_class c on c.oid = i.inhrelid
    where p.relnamespace = 'public'::regnamespace and p.relname in ('tool_calls', 'exposures', 'events', 'transcripts')
      and c.relname = p.relname || '_' || right(c.relname, 6) and c.relname ~ '_[0-9]{6}$'
      and to_date(right(c.relname, 6), 'YYYYMM') + interval '1 month' <= (now() at time zone 'utc') - retention_days(p.relname) * interval '1 day'
    order by right(c.relname, 6), p.relname
  loop
    execute format($q$
      select count(*), (select id from %1$I order by id limit 1), (select id from %1$I order by id desc limit 1),
        case
          when bool_or(run_id = any($1)) then 'run'
          when bool_or(run_id = any($2)) or %2$s then 'triage'
        end
      from %1$I$q$, name, case class when 'events' then 'bool_or(issue = any($3))' else 'false' end)
    into rows, first_id, last_id, held using runs_live, runs_open, issues_open;
    return next;
  end loop;
end
$$;

-- migrate:down

create or replace function expired_partitions() returns table (class text, name text, rows bigint, first_id uuid, last_id uuid, held text)
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
  issues_open uuid[] := array(
    select i.issue from issues i
    where i.state not in ('resolved', 'muted') and (i.severity in ('high', 'critical') or i.decision_id is not null));
  runs_open uuid[] := array(
    select e.run_id from events e where e.issue = any(issues_open) and e.run_id is not null
    union select o.run_id from oddities o where o.issue = any(issues_open) and o.run_id is not null);
  runs_live uuid[] := array(select r.id from runs r where r.kind = 'heartbeat' and r.status in ('queued', 'running', 'stopping'));
begin
  for class, name in
    select p.relname, c.relname from pg_class p join pg_inherits i on i.inhparent = p.oid join pg_class c on c.oid = i.inhrelid
    where p.relnamespace = 'public'::regnamespace and p.relname in ('tool_calls', 'exposures', 'events', 'transcripts')
      and c.relname = p.relname || '_' || right(c.relname, 6) and c.relname ~ '_[0-9]{6}$'
      and to_date(right(c.relname, 6), 'YYYYMM') + interval '1 month' <= (now() at time zone 'utc') - retention_days(p.relname) * interval '1 day'
    order by right(c.relname, 6), p.relname
  loop
    execute format($q$
      select count(*), (select id from %1$I order by id limit 1), (select id from %1$I order by id desc limit 1),
        case
          when bool_or(run_id = any($1)) then 'run'
          when bool_or(run_id = any($2)) or %2$s then 'triage'
        end
      from %1$I$q$, name, case class when 'events' then 'bool_or(issue = any($3))' else 'false' end)
    into rows, first_id, last_id, held using runs_live, runs_open, issues_open;
    return next;
  end loop;
end
$$;
