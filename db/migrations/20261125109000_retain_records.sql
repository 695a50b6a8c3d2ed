-- migrate:up

-- For how many days records of a class are kept at least. It is written down here, where the app cannot shorten it.
create function retention_days(class text) returns int language sql immutable strict parallel safe
  return case class when 'transcripts' then 30 when 'exposures' then 90 when 'filter_inputs' then 90 when 'tool_calls' then 400 when 'events' then 400 end;

-- The partitions whose last moment is older than that, with what they hold, and why one has to stay all the same: one of its runs goes on, or it
-- is evidence of an issue that is bad or was looked at, and that nobody has resolved or muted. A run that was only told of as going on may never be told to
-- have ended: it keeps no month.
create function expired_partitions() returns table (class text, name text, rows bigint, first_id uuid, last_id uuid, held text)
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

-- Drops one of those that need not stay, and says so in the audit chain; false for any other table, whatever it is.
create function drop_expired_partition(partition text) returns boolean
language plpgsql security definer set search_path = public, pg_temp set lock_timeout = '5s' as $$
declare
  gone record;
begin
  select * into gone from expired_partitions() e where e.name = partition and e.held is null;
  if not found then
    return false;
  end if;
  execute format('drop table %I', gone.name);
  perform append_audit(null, 'retention.dropped', '{"class":"' || gone.class || '","first_id":' || coalesce('"' || gone.first_id || '"', 'null')
    || ',"last_id":' || coalesce('"' || gone.last_id || '"', 'null') || ',"partition":"' || gone.name || '","rows":' || gone.rows || '}');
  return true;
end
$$;

revoke all on function expired_partitions(), drop_expired_partition(text) from public;
grant execute on function expired_partitions(), drop_expired_partition(text) to moltbot_app;

-- migrate:down
drop function drop_expired_partition(text);
drop function expired_partitions();
drop function retention_days(text);
