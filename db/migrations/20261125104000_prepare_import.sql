-- migrate:up

-- Creates the monthly partitions of these moments, and no others: a record of years ago needs none of the months since. Answers how many it made.
create function ensure_months(moments timestamptz[]) returns int
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  parent text;
  month timestamptz;
  name text;
  made int := 0;
begin
  perform pg_advisory_xact_lock(hashtext('moltbot.partitions'));
  for month in select distinct date_trunc('month', m at time zone 'utc') at time zone 'utc' from unnest(moments) m order by 1 loop
    foreach parent in array array['tool_calls', 'exposures', 'events', 'transcripts'] loop
      name := parent || '_' || to_char(month at time zone 'utc', 'YYYYMM');
      if to_regclass(name) is null then
        execute format('create table %I partition of %I for values from (%L) to (%L)', name, parent,
          uuid_floor(month), uuid_floor(((month at time zone 'utc') + interval '1 month') at time zone 'utc'));
        made := made + 1;
      end if;
    end loop;
  end loop;
  return made;
end
$$;
revoke all on function ensure_months from public;
grant execute on function ensure_months to moltbot_app;

-- A transaction of a million rows tells what it changed once, at its end, and not row by row: it sets moltbot.quiet for itself.
create or replace function notify_live() returns trigger
language plpgsql as $$
declare
  run uuid;
begin
  if current_setting('moltbot.quiet', true) = 'on' then
    return null;
  end if;
  if tg_argv[0] = 'runs' then
    run := new.id;
  else
    run := new.run_id;
  end if;
  perform pg_notify('live', json_build_object('table', tg_argv[0], 'run_id', run)::text);
  return null;
end
$$;
create or replace function notify_agent() returns trigger
language plpgsql as $$
begin
  if current_setting('moltbot.quiet', true) = 'on' then
    return null;
  end if;
  perform pg_notify('live', json_build_object('table', tg_argv[0], 'run_id', null, 'agent_id', to_jsonb(new) ->> 'agent_id')::text);
  return null;
end
$$;

-- migrate:down
create or replace function notify_agent() returns trigger
language plpgsql as $$
begin
  perform pg_notify('live', json_build_object('table', tg_argv[0], 'run_id', null, 'agent_id', to_jsonb(new) ->> 'agent_id')::text);
  return null;
end
$$;
create or replace function notify_live() returns trigger
language plpgsql as $$
declare
  run uuid;
begin
  if tg_argv[0] = 'runs' then
    run := new.id;
  else
    run := new.run_id;
  end if;
  perform pg_notify('live', json_build_object('table', tg_argv[0], 'run_id', run)::text);
  return null;
end
$$;
drop function ensure_months;
