\restrict dbmate


SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: pg_trgm; Type: EXTENSION; Schema: -; Owner: -
--

CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;


--
-- Name: EXTENSION pg_trgm; Type: COMMENT; Schema: -; Owner: -
--

COMMENT ON EXTENSION pg_trgm IS 'text similarity measurement and index searching based on trigrams';


--
-- Name: append_audit(uuid, text, text); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.append_audit(agent uuid, kind text, body text) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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


--
-- Name: compact_tallies(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.compact_tallies() RETURNS integer
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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
  ), several_prompts as (
    select version_id, mode from prompt_figures where (select ours from turn) group by version_id, mode having count(*) > 1
  ), gone_prompts as (
    delete from prompt_figures f using several_prompts s where f.version_id = s.version_id and f.mode = s.mode returning f.*
  ), kept_prompts as (
    insert into prompt_figures (version_id, mode, runs, cost_usd, oddities)
    select version_id, mode, sum(runs), sum(cost_usd), sum(oddities) from gone_prompts group by version_id, mode returning 1
  )
  select ((select count(*) from gone) - (select count(*) from kept) + (select count(*) from gone_days) - (select count(*) from kept_days)
    + (select count(*) from gone_tools) - (select count(*) from kept_tools) + (select count(*) from gone_prompts)
    - (select count(*) from kept_prompts))::int
$$;


--
-- Name: drop_expired_partition(text); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.drop_expired_partition(partition text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    SET lock_timeout TO '5s'
    AS $$
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


--
-- Name: ensure_months(timestamp with time zone[]); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.ensure_months(moments timestamp with time zone[]) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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


--
-- Name: ensure_partitions(timestamp with time zone, integer); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.ensure_partitions(start timestamp with time zone, ahead integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare
  parent text;
  month timestamptz := date_trunc('month', start at time zone 'utc') at time zone 'utc';
  last timestamptz := (date_trunc('month', now() at time zone 'utc') + make_interval(months => ahead)) at time zone 'utc';
  next timestamptz;
  name text;
  made int := 0;
begin
  perform pg_advisory_xact_lock(hashtext('moltbot.partitions'));
  while month <= last loop
    next := ((month at time zone 'utc') + interval '1 month') at time zone 'utc';
    foreach parent in array array['tool_calls', 'exposures', 'events', 'transcripts'] loop
      name := parent || '_' || to_char(month at time zone 'utc', 'YYYYMM');
      if to_regclass(name) is null then
        execute format('create table %I partition of %I for values from (%L) to (%L)', name, parent, uuid_floor(month), uuid_floor(next));
        made := made + 1;
      end if;
    end loop;
    month := next;
  end loop;
  return made;
end
$$;


--
-- Name: expired_partitions(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.expired_partitions() RETURNS TABLE(class text, name text, rows bigint, first_id uuid, last_id uuid, held text)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $_$
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
$_$;


--
-- Name: forget_told(uuid, boolean, boolean); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.forget_told(told_run uuid, with_transcript boolean, with_actions boolean) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  if not exists (select from runs r where r.id = told_run and r.kind = 'claimed') then
    raise exception 'only a claimed run can be recorded again';
  end if;
  if with_actions then
    delete from actions a where a.run_id = told_run and a.source = 'claimed';
  end if;
  if with_transcript then
    delete from transcripts t where t.run_id = told_run and t.id >= run_floor(told_run);
  end if;
end
$$;


--
-- Name: issue_key(text, uuid, text, text, text); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.issue_key(kind text, agent uuid, mode text, type text, subject text) RETURNS uuid
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (encode(set_bit(set_bit(set_bit(set_bit(set_bit(set_bit(set_bit(set_bit(SUBSTRING(sha256(decode(replace(((((((((kind || ' '::text) || (agent)::text) || ' '::text) || COALESCE(mode, ''::text)) || ' '::text) || type) || ' '::text) || lower(COALESCE(subject, ''::text))), '\'::text, '\\'::text), 'escape'::text)) FROM 1 FOR 16), (55)::bigint, 1), (54)::bigint, 0), (53)::bigint, 0), (52)::bigint, 0), (71)::bigint, 1), (70)::bigint, 0), (69)::bigint, 0), (68)::bigint, 0), 'hex'::text))::uuid;


--
-- Name: mark_figures_stale(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.mark_figures_stale() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  insert into stale_figures
  select marked from (select (uuid_time(new.id) at time zone 'utc')::date as marked) d
  where not exists (select from stale_figures where day = marked and xmin = pg_current_xact_id()::xid);
  return null;
end
$$;


--
-- Name: mark_hits_stale(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.mark_hits_stale() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  insert into stale_figures
  select distinct (uuid_time(id) at time zone 'utc')::date from added
  where id < (select uuid_floor(date_trunc('day', now(), 'utc'))) and rules <> '{}';
  return null;
end
$$;


--
-- Name: moltbook_admit(uuid, text, text, jsonb, integer, boolean); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.moltbook_admit(agent uuid, in_mode text, under text, wanted jsonb, hold integer, creates boolean) RETURNS TABLE(stamp timestamp with time zone, refusal text, class text, seconds integer, trouble boolean)
    LANGUAGE plpgsql
    AS $$
declare
  account moltbook_accounts;
  budget moltbook_budgets;
  beneath moltbook_budgets;
  want jsonb;
  limits jsonb;
  each_limit jsonb;
  used timestamptz[];
  at timestamptz := clock_timestamp();
  wait numeric;
  longest numeric := 0;
  longest_class text;
  horizon int;
begin
  select * into account from moltbook_accounts a where a.agent_id = agent and a.mode = under;
  trouble := coalesce(account.state <> 'ok' or account.open_since is not null, true);
  if account.state = 'suspended' then
    wait := extract(epoch from account.suspended_until + interval '1 minute' - at);
    -- Once it is over one read has to show that it is: nothing else goes out before.
    if wait > 0 or hold > 0 or not moltbook_may_probe(agent, under, at) then
      return query select null::timestamptz, 'suspended', null::text, greatest(ceil(wait), 60)::int, true;
      return;
    end if;
  elsif account.open_since is not null then
    wait := extract(epoch from account.open_since + interval '1 minute' - at);
    if wait > 0 or not moltbook_may_probe(agent, under, at) then
      return query select null::timestamptz, 'unreachable', null::text, greatest(ceil(wait), 5)::int, true;
      return;
    end if;
  end if;
  if creates and account.frozen_at is not null then
    return query select null::timestamptz, 'frozen', null::text, null::int, true;
    return;
  end if;

  -- In the order of their names, so that two calls never wait for each other.
  for want in select w from jsonb_array_elements(wanted) w order by w ->> 'class' loop
    loop
      select b.* into budget from moltbook_budgets b
        where b.agent_id = agent and b.mode = in_mode and b.class = want ->> 'class' for update;
      exit when found;
      insert into moltbook_budgets (agent_id, mode, class) values (agent, in_mode, want ->> 'class') on conflict do nothing;
    end loop;
    used := budget.spent;
    wait := greatest(extract(epoch from budget.blocked_until - at),
      case when budget.remaining <= 0 then extract(epoch from budget.resets_at - at) end, 0);
    if in_mode <> under then
      select b.* into beneath from moltbook_budgets b where b.agent_id = agent and b.mode = under and b.class = want ->> 'class';
      used := used || coalesce(beneath.spent, '{}');
      wait := greatest(wait, extract(epoch from beneath.blocked_until - at));
    end if;
    limits := case when coalesce(account.registered_at > at - interval '1 day', hold > 0) then want -> 'young' else want -> 'windows' end;
    for each_limit in select l from jsonb_array_elements(limits) l loop
      wait := greatest(wait, coalesce((
        select extract(epoch from u + (each_limit ->> 'seconds')::int * interval '1 second' - at)
        from unnest(used) u order by u desc offset (each_limit ->> 'most')::int - 1 limit 1), 0));
    end loop;
    if wait > longest then
      longest := wait;
      longest_class := want ->> 'class';
    end if;
  end loop;
  if longest > 0 then
    return query select null::timestamptz, 'limit', longest_class, ceil(longest)::int, trouble;
    return;
  end if;

  at := clock_timestamp() + hold * interval '1 second';
  for want in select w from jsonb_array_elements(wanted) w loop
    select coalesce(max((l ->> 'seconds')::int), 60) into horizon from jsonb_array_elements((want -> 'windows') || (want -> 'young')) l;
    update moltbook_budgets b
    set spent = array(select u from unnest(b.spent) u where u > at - (horizon + hold) * interval '1 second' order by u) || at,
      remaining = case when b.resets_at > clock_timestamp() then b.remaining - 1 end, updated_at = now()
    where b.agent_id = agent and b.mode = in_mode and b.class = want ->> 'class';
  end loop;
  return query select at, null::text, null::text, null::int, trouble;
end
$$;


--
-- Name: moltbook_may_probe(uuid, text, timestamp with time zone); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.moltbook_may_probe(agent uuid, under text, at timestamp with time zone) RETURNS boolean
    LANGUAGE sql
    AS $$
  with probe as (
    update moltbook_accounts set probed_at = at
    where agent_id = agent and mode = under and (probed_at is null or probed_at < at - interval '45 seconds') returning 1
  )
  select exists (select from probe)
$$;


--
-- Name: moltbook_settle(uuid, text, text[], timestamp with time zone, boolean); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.moltbook_settle(agent uuid, in_mode text, classes text[], stamp timestamp with time zone, was_sent boolean) RETURNS void
    LANGUAGE sql
    AS $$
  update moltbook_budgets
  set spent = case when was_sent then array_replace(spent, stamp, clock_timestamp()) else array_remove(spent, stamp) end
  where agent_id = agent and mode = in_mode and class = any(classes)
$$;


--
-- Name: notify_agent(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.notify_agent() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  if current_setting('moltbot.quiet', true) = 'on' then
    return null;
  end if;
  perform pg_notify('live', json_build_object('table', tg_argv[0], 'run_id', null, 'agent_id', to_jsonb(new) ->> 'agent_id')::text);
  return null;
end
$$;


--
-- Name: notify_jobs(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.notify_jobs() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  perform pg_notify('live', '{"table":"jobs","run_id":null}');
  return null;
end
$$;


--
-- Name: notify_live(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.notify_live() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
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


--
-- Name: notify_triage(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.notify_triage() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  perform pg_notify('live', '{"table":"triage","run_id":null}');
  return null;
end
$$;


--
-- Name: observed_id(timestamp with time zone, text); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.observed_id(at timestamp with time zone, fingerprint text) RETURNS uuid
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN (((((lpad(to_hex((floor((EXTRACT(epoch FROM at) * (1000)::numeric)))::bigint), 12, '0'::text) || '7'::text) || "left"(fingerprint, 3)) || to_hex((8 + (((('x'::text || substr(fingerprint, 4, 1)))::bit(4))::integer & 3)))) || substr(fingerprint, 5, 15)))::uuid;


--
-- Name: refuse_audit_change(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.refuse_audit_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  raise exception 'the audit log is append-only';
end
$$;


--
-- Name: retention_days(text); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.retention_days(class text) RETURNS integer
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN CASE class WHEN 'transcripts'::text THEN 30 WHEN 'exposures'::text THEN 90 WHEN 'filter_inputs'::text THEN 90 WHEN 'tool_calls'::text THEN 400 WHEN 'events'::text THEN 400 ELSE NULL::integer END;


--
-- Name: run_floor(uuid); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.run_floor(run uuid) RETURNS uuid
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN ((lpad(to_hex((((('x'::text || lpad("left"(replace((run)::text, '-'::text, ''::text), 12), 16, '0'::text)))::bit(64))::bigint - 3600000)), 12, '0'::text) || repeat('0'::text, 20)))::uuid;


--
-- Name: severity_rank(text); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.severity_rank(severity text) RETURNS integer
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN array_position(ARRAY['info'::text, 'low'::text, 'medium'::text, 'high'::text, 'critical'::text], severity);


--
-- Name: tally_changed_runs(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.tally_changed_runs() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  insert into prompt_figures (version_id, mode, runs, cost_usd)
  select prompt_version_id, mode, sum(runs), sum(cost) from (
    select prompt_version_id, mode, status, 1 as runs, coalesce(cost_usd, 0) as cost from new_runs
    union all
    select prompt_version_id, mode, status, -1, -coalesce(cost_usd, 0) from old_runs
  ) change
  where prompt_version_id is not null and status <> 'skipped' group by 1, 2 having sum(runs) <> 0 or sum(cost) <> 0;
  return null;
end
$$;


--
-- Name: tally_events(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.tally_events() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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


--
-- Name: tally_new_oddities(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.tally_new_oddities() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  insert into prompt_figures (version_id, mode, oddities)
  select r.prompt_version_id, r.mode, count(*) from new_oddities o join runs r on r.id = o.run_id
  where r.prompt_version_id is not null group by 1, 2;
  return null;
end
$$;


--
-- Name: tally_new_runs(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.tally_new_runs() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  insert into prompt_figures (version_id, mode, runs, cost_usd)
  select prompt_version_id, mode, count(*), coalesce(sum(cost_usd), 0) from new_runs
  where prompt_version_id is not null and status <> 'skipped' group by 1, 2;
  return null;
end
$$;


--
-- Name: tally_oddities(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.tally_oddities() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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


--
-- Name: tally_tools(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.tally_tools() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  insert into tool_tallies (agent_id, mode, tool, count) select agent_id, mode, tool, count(*) from added group by agent_id, mode, tool;
  return null;
end
$$;


--
-- Name: uuid_floor(timestamp with time zone); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.uuid_floor(at timestamp with time zone) RETURNS uuid
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN ((lpad(to_hex((floor((EXTRACT(epoch FROM at) * (1000)::numeric)))::bigint), 12, '0'::text) || repeat('0'::text, 20)))::uuid;


--
-- Name: uuid_time(uuid); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.uuid_time(id uuid) RETURNS timestamp with time zone
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN to_timestamp(((((('x'::text || "left"(encode(uuid_send(id), 'hex'::text), 12)))::bit(48))::bigint)::double precision / (1000.0)::double precision));


SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: actions; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.actions (
    id uuid NOT NULL,
    agent_id uuid NOT NULL,
    run_id uuid NOT NULL,
    call_id uuid,
    mode text NOT NULL,
    source text DEFAULT 'witnessed'::text NOT NULL,
    type text NOT NULL,
    status text DEFAULT 'done'::text NOT NULL,
    target_kind text,
    target_id text,
    target_title text,
    target_author text,
    submolt text,
    detail text,
    CONSTRAINT actions_detail_check CHECK ((length(detail) <= 1000)),
    CONSTRAINT actions_mode_check CHECK ((mode = ANY (ARRAY['real'::text, 'dry_run'::text, 'sandbox'::text]))),
    CONSTRAINT actions_source_check CHECK ((source = ANY (ARRAY['witnessed'::text, 'claimed'::text]))),
    CONSTRAINT actions_status_check CHECK ((status = ANY (ARRAY['done'::text, 'pending_verification'::text, 'failed'::text, 'unknown'::text]))),
    CONSTRAINT actions_target_author_check CHECK ((length(target_author) <= 200)),
    CONSTRAINT actions_target_kind_check CHECK ((target_kind = ANY (ARRAY['post'::text, 'comment'::text, 'agent'::text, 'submolt'::text, 'prompt'::text, 'account'::text, 'conversation'::text]))),
    CONSTRAINT actions_target_title_check CHECK ((length(target_title) <= 300)),
    CONSTRAINT actions_type_check CHECK ((type = ANY (ARRAY['browsed'::text, 'upvoted'::text, 'downvoted'::text, 'unvoted'::text, 'commented'::text, 'replied'::text, 'posted'::text, 'subscribed'::text, 'unsubscribed'::text, 'welcomed'::text, 'checked_status'::text, 'checked_submolts'::text, 'followed'::text, 'unfollowed'::text, 'deleted'::text, 'searched'::text, 'verified'::text, 'registered'::text, 'proposed_identity'::text, 'updated_profile'::text, 'created_submolt'::text, 'updated_submolt'::text, 'pinned'::text, 'unpinned'::text, 'reported'::text, 'messaged'::text, 'read_messages'::text, 'marked_read'::text, 'set_up_owner_email'::text])))
);


--
-- Name: agents; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.agents (
    id uuid NOT NULL,
    name text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT agents_name_check CHECK ((name ~ '^[A-Za-z0-9_-]{1,64}$'::text))
);


--
-- Name: api_keys; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.api_keys (
    id uuid NOT NULL,
    name text NOT NULL,
    scope text NOT NULL,
    key_hash bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    last_used_at timestamp with time zone,
    revoked_at timestamp with time zone,
    expires_at timestamp with time zone,
    CONSTRAINT api_keys_check CHECK ((expires_at > created_at)),
    CONSTRAINT api_keys_key_hash_check CHECK ((octet_length(key_hash) = 32)),
    CONSTRAINT api_keys_name_check CHECK (((length(name) >= 1) AND (length(name) <= 100))),
    CONSTRAINT api_keys_scope_check CHECK ((scope = ANY (ARRAY['read'::text, 'write'::text, 'ingest'::text])))
);


--
-- Name: audit_log; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.audit_log (
    seq bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    agent_id uuid,
    kind text NOT NULL,
    body text NOT NULL,
    prev_hash bytea NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT audit_log_body_check CHECK (("left"(body, 1) = '{'::text)),
    CONSTRAINT audit_log_hash_check CHECK ((octet_length(hash) = 32)),
    CONSTRAINT audit_log_kind_check CHECK ((kind ~ '^[a-z_]+\.[a-z_]+$'::text)),
    CONSTRAINT audit_log_prev_hash_check CHECK ((octet_length(prev_hash) = 32)),
    CONSTRAINT audit_log_seq_check CHECK ((seq > 0))
);


--
-- Name: audit_verifications; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.audit_verifications (
    id uuid NOT NULL,
    actor text NOT NULL,
    first_seq bigint NOT NULL,
    last_seq bigint NOT NULL,
    head bytea,
    fault_seq bigint,
    fault_reason text,
    CONSTRAINT audit_verifications_check CHECK ((last_seq >= (first_seq - 1))),
    CONSTRAINT audit_verifications_check1 CHECK (((fault_seq IS NULL) = (fault_reason IS NULL))),
    CONSTRAINT audit_verifications_fault_reason_check CHECK ((length(fault_reason) <= 200)),
    CONSTRAINT audit_verifications_first_seq_check CHECK ((first_seq > 0)),
    CONSTRAINT audit_verifications_head_check CHECK ((octet_length(head) = 32))
);


--
-- Name: blocked_authors; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.blocked_authors (
    id uuid NOT NULL,
    agent_id uuid NOT NULL,
    mode text NOT NULL,
    author text NOT NULL,
    handle text NOT NULL,
    reason text NOT NULL,
    source text NOT NULL,
    flag_count integer DEFAULT 0 NOT NULL,
    blocked_at timestamp with time zone DEFAULT now() NOT NULL,
    blocked_by text NOT NULL,
    expires_at timestamp with time zone,
    unblocked_at timestamp with time zone,
    unblocked_by text,
    CONSTRAINT blocked_authors_author_check CHECK (((length(author) >= 1) AND (length(author) <= 100))),
    CONSTRAINT blocked_authors_check CHECK ((expires_at > blocked_at)),
    CONSTRAINT blocked_authors_check1 CHECK (((unblocked_at IS NULL) = (unblocked_by IS NULL))),
    CONSTRAINT blocked_authors_flag_count_check CHECK ((flag_count >= 0)),
    CONSTRAINT blocked_authors_handle_check CHECK (((length(handle) >= 1) AND (length(handle) <= 300))),
    CONSTRAINT blocked_authors_mode_check CHECK ((mode = ANY (ARRAY['real'::text, 'sandbox'::text]))),
    CONSTRAINT blocked_authors_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 500))),
    CONSTRAINT blocked_authors_source_check CHECK ((source = ANY (ARRAY['operator'::text, 'automatic'::text, 'import'::text])))
);


--
-- Name: canaries; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.canaries (
    sha256 bytea NOT NULL,
    agent_id uuid NOT NULL,
    run_id uuid NOT NULL,
    kind text NOT NULL,
    planted_at timestamp with time zone DEFAULT now() NOT NULL,
    seen_at timestamp with time zone,
    CONSTRAINT canaries_kind_check CHECK ((kind = ANY (ARRAY['prompt'::text, 'credential'::text]))),
    CONSTRAINT canaries_sha256_check CHECK ((octet_length(sha256) = 32))
);


--
-- Name: claims; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.claims (
    id uuid NOT NULL,
    agent_id uuid NOT NULL,
    run_id uuid NOT NULL,
    mode text NOT NULL,
    seq integer NOT NULL,
    type text NOT NULL,
    status text NOT NULL,
    text text NOT NULL,
    action_ids uuid[] DEFAULT '{}'::uuid[] NOT NULL,
    evidence jsonb DEFAULT '{}'::jsonb NOT NULL,
    CONSTRAINT claims_mode_check CHECK ((mode = ANY (ARRAY['real'::text, 'dry_run'::text, 'sandbox'::text]))),
    CONSTRAINT claims_seq_check CHECK ((seq >= 0)),
    CONSTRAINT claims_status_check CHECK ((status = ANY (ARRAY['confirmed'::text, 'unconfirmed'::text, 'contradicted'::text, 'unreported'::text]))),
    CONSTRAINT claims_text_check CHECK ((length(text) <= 300)),
    CONSTRAINT claims_type_check CHECK ((type ~ '^[a-z_]+$'::text))
);


--
-- Name: daily_figures; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.daily_figures (
    day date NOT NULL,
    mode text NOT NULL,
    agent_id uuid NOT NULL,
    runs integer NOT NULL,
    succeeded integer NOT NULL,
    failed integer NOT NULL,
    cost_usd numeric NOT NULL,
    timed integer NOT NULL,
    seconds numeric NOT NULL,
    last_run_at timestamp with time zone,
    actions integer NOT NULL,
    upvotes integer NOT NULL,
    comments integer NOT NULL,
    posts integer NOT NULL,
    subscriptions integer NOT NULL,
    withheld integer NOT NULL,
    CONSTRAINT daily_figures_mode_check CHECK ((mode = ANY (ARRAY['real'::text, 'dry_run'::text, 'sandbox'::text])))
);


--
-- Name: daily_hits; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.daily_hits (
    mode text NOT NULL,
    agent_id uuid NOT NULL,
    day date NOT NULL,
    rule text NOT NULL COLLATE pg_catalog."C",
    hits integer NOT NULL,
    CONSTRAINT daily_hits_mode_check CHECK ((mode = ANY (ARRAY['real'::text, 'dry_run'::text, 'sandbox'::text])))
);


--
-- Name: day_tallies; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.day_tallies (
    day date NOT NULL,
    agent_id uuid NOT NULL,
    kind text NOT NULL,
    mode text,
    type text NOT NULL,
    severity text NOT NULL,
    count integer NOT NULL,
    risk_count integer NOT NULL,
    risk_sum double precision NOT NULL,
    risk_max real,
    CONSTRAINT day_tallies_kind_check CHECK ((kind = ANY (ARRAY['event'::text, 'oddity'::text])))
);


--
-- Name: document_decisions; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.document_decisions (
    id uuid NOT NULL,
    version_id uuid NOT NULL,
    decision text NOT NULL,
    actor text NOT NULL,
    reason text NOT NULL,
    decided_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT document_decisions_decision_check CHECK ((decision = ANY (ARRAY['approved'::text, 'rejected'::text]))),
    CONSTRAINT document_decisions_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 500)))
);


--
-- Name: document_versions; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.document_versions (
    id uuid NOT NULL,
    agent_id uuid NOT NULL,
    mode text NOT NULL,
    name text NOT NULL,
    text text NOT NULL,
    sha256 text NOT NULL,
    band text NOT NULL,
    score real NOT NULL,
    families text[] NOT NULL,
    filter_version text NOT NULL,
    fetched_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT document_versions_band_check CHECK ((band = ANY (ARRAY['allow'::text, 'mark'::text, 'redact'::text, 'withhold'::text]))),
    CONSTRAINT document_versions_mode_check CHECK ((mode = ANY (ARRAY['real'::text, 'sandbox'::text]))),
    CONSTRAINT document_versions_name_check CHECK ((name = ANY (ARRAY['skill.md'::text, 'heartbeat.md'::text, 'rules.md'::text, 'messaging.md'::text, 'skill.json'::text]))),
    CONSTRAINT document_versions_score_check CHECK (((score >= (0)::double precision) AND (score <= (1)::double precision))),
    CONSTRAINT document_versions_sha256_check CHECK ((sha256 ~ '^[0-9a-f]{64}$'::text)),
    CONSTRAINT document_versions_text_check CHECK ((octet_length(text) <= 1000000))
);


--
-- Name: documents; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.documents (
    agent_id uuid NOT NULL,
    mode text NOT NULL,
    name text NOT NULL,
    latest_id uuid,
    approved_id uuid,
    checked_at timestamp with time zone DEFAULT now() NOT NULL,
    fault text,
    fault_since timestamp with time zone,
    CONSTRAINT documents_check CHECK (((fault IS NULL) = (fault_since IS NULL))),
    CONSTRAINT documents_fault_check CHECK ((length(fault) <= 300)),
    CONSTRAINT documents_mode_check CHECK ((mode = ANY (ARRAY['real'::text, 'sandbox'::text])))
);


--
-- Name: events; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.events (
    id uuid NOT NULL,
    agent_id uuid NOT NULL,
    run_id uuid,
    call_id uuid,
    mode text,
    type text NOT NULL,
    severity text NOT NULL,
    title text NOT NULL,
    detail jsonb DEFAULT '{}'::jsonb NOT NULL,
    fingerprint text NOT NULL,
    risk_score real,
    author text,
    source_ip text,
    post_id text,
    issue uuid GENERATED ALWAYS AS (public.issue_key('event'::text, agent_id, mode, type, COALESCE(author, source_ip, (detail ->> 'tool'::text)))) STORED NOT NULL,
    CONSTRAINT events_author_check CHECK ((length(author) <= 200)),
    CONSTRAINT events_fingerprint_check CHECK (((octet_length(decode(fingerprint, 'hex'::text)) = 32) AND (fingerprint = lower(fingerprint)))),
    CONSTRAINT events_mode_check CHECK ((mode = ANY (ARRAY['real'::text, 'dry_run'::text, 'sandbox'::text]))),
    CONSTRAINT events_post_id_check CHECK ((length(post_id) <= 200)),
    CONSTRAINT events_risk_score_check CHECK (((risk_score >= (0)::double precision) AND (risk_score <= (1)::double precision))),
    CONSTRAINT events_severity_check CHECK ((severity = ANY (ARRAY['info'::text, 'low'::text, 'medium'::text, 'high'::text, 'critical'::text]))),
    CONSTRAINT events_source_ip_check CHECK ((length(source_ip) <= 100)),
    CONSTRAINT events_title_check CHECK ((length(title) <= 300)),
    CONSTRAINT events_type_check CHECK ((type ~ '^[a-z_]+$'::text))
)
PARTITION BY RANGE (id);


--
-- Name: exposures; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.exposures (
    id uuid NOT NULL,
    agent_id uuid NOT NULL,
    run_id uuid NOT NULL,
    call_id uuid NOT NULL,
    seq integer NOT NULL,
    kind text NOT NULL,
    item_id text,
    author text,
    field text NOT NULL,
    content_hash text NOT NULL,
    band text NOT NULL,
    score real NOT NULL,
    rules text[] NOT NULL,
    reason text,
    degraded boolean DEFAULT false NOT NULL,
    filter_version text NOT NULL,
    delivered boolean NOT NULL,
    CONSTRAINT exposures_band_check CHECK ((band = ANY (ARRAY['allow'::text, 'mark'::text, 'redact'::text, 'withhold'::text]))),
    CONSTRAINT exposures_content_hash_check CHECK (((octet_length(decode(content_hash, 'hex'::text)) = 32) AND (content_hash = lower(content_hash)))),
    CONSTRAINT exposures_kind_check CHECK ((kind = ANY (ARRAY['post'::text, 'comment'::text, 'agent'::text, 'submolt'::text, 'notification'::text, 'message'::text, 'challenge'::text, 'other'::text]))),
    CONSTRAINT exposures_score_check CHECK (((score >= (0)::double precision) AND (score <= (1)::double precision)))
)
PARTITION BY RANGE (id);


--
-- Name: filter_inputs; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.filter_inputs (
    agent_id uuid NOT NULL,
    content_hash text NOT NULL,
    text text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT filter_inputs_content_hash_check CHECK (((octet_length(decode(content_hash, 'hex'::text)) = 32) AND (content_hash = lower(content_hash))))
);


--
-- Name: filter_opinions; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.filter_opinions (
    version text NOT NULL,
    content_hash text NOT NULL,
    score real NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT filter_opinions_content_hash_check CHECK (((octet_length(decode(content_hash, 'hex'::text)) = 32) AND (content_hash = lower(content_hash)))),
    CONSTRAINT filter_opinions_score_check CHECK (((score >= (0)::double precision) AND (score <= (1)::double precision))),
    CONSTRAINT filter_opinions_version_check CHECK (((octet_length(version) >= 1) AND (octet_length(version) <= 400)))
);


--
-- Name: issue_tallies; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.issue_tallies (
    issue uuid NOT NULL,
    agent_id uuid NOT NULL,
    kind text NOT NULL,
    mode text,
    type text NOT NULL,
    severity text NOT NULL,
    author text,
    count integer NOT NULL,
    first_at timestamp with time zone NOT NULL,
    last_at timestamp with time zone NOT NULL,
    last_id uuid NOT NULL,
    CONSTRAINT issue_tallies_kind_check CHECK ((kind = ANY (ARRAY['event'::text, 'oddity'::text])))
);


--
-- Name: triage; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.triage (
    id uuid NOT NULL,
    agent_id uuid NOT NULL,
    issue uuid NOT NULL,
    state text NOT NULL,
    severity text NOT NULL,
    reason text,
    until timestamp with time zone,
    batch uuid NOT NULL,
    decided_by text NOT NULL,
    decided_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT triage_check CHECK (((state = 'muted'::text) = (until IS NOT NULL))),
    CONSTRAINT triage_check1 CHECK (((state <> 'muted'::text) OR ((reason IS NOT NULL) AND (severity <> 'critical'::text)))),
    CONSTRAINT triage_decided_by_check CHECK (((length(decided_by) >= 1) AND (length(decided_by) <= 100))),
    CONSTRAINT triage_reason_check CHECK ((length(reason) <= 500)),
    CONSTRAINT triage_severity_check CHECK ((severity = ANY (ARRAY['info'::text, 'low'::text, 'medium'::text, 'high'::text, 'critical'::text]))),
    CONSTRAINT triage_state_check CHECK ((state = ANY (ARRAY['open'::text, 'acknowledged'::text, 'muted'::text, 'resolved'::text])))
);


--
-- Name: issues; Type: VIEW; Schema: public; Owner: -
--

CREATE VIEW public.issues AS
 SELECT t.issue,
    t.agent_id,
    t.kind,
    t.mode,
    t.type,
    t.author,
    t.count,
    t.first_at,
    t.last_at,
    t.last_id,
    t.severity_rank,
    (ARRAY['info'::text, 'low'::text, 'medium'::text, 'high'::text, 'critical'::text])[t.severity_rank] AS severity,
    d.id AS decision_id,
    d.reason,
    d.until,
    d.decided_by,
    d.decided_at,
        CASE
            WHEN (d.state IS NULL) THEN 'open'::text
            WHEN ((d.state = 'resolved'::text) AND (t.last_at > d.decided_at)) THEN 'regressed'::text
            WHEN ((d.state = 'muted'::text) AND (d.until <= now())) THEN 'open'::text
            WHEN ((d.state = ANY (ARRAY['acknowledged'::text, 'muted'::text])) AND (t.severity_rank > public.severity_rank(d.severity))) THEN 'open'::text
            ELSE d.state
        END AS state
   FROM (( SELECT issue_tallies.issue,
            issue_tallies.agent_id,
            issue_tallies.kind,
            issue_tallies.mode,
            issue_tallies.type,
            max(issue_tallies.author) AS author,
            (sum(issue_tallies.count))::integer AS count,
            min(issue_tallies.first_at) AS first_at,
            max(issue_tallies.last_at) AS last_at,
            (max((issue_tallies.last_id)::text))::uuid AS last_id,
            max(public.severity_rank(issue_tallies.severity)) AS severity_rank
           FROM public.issue_tallies
          GROUP BY issue_tallies.issue, issue_tallies.agent_id, issue_tallies.kind, issue_tallies.mode, issue_tallies.type) t
     LEFT JOIN LATERAL ( SELECT triage.id,
            triage.agent_id,
            triage.issue,
            triage.state,
            triage.severity,
            triage.reason,
            triage.until,
            triage.batch,
            triage.decided_by,
            triage.decided_at
           FROM public.triage
          WHERE (triage.issue = t.issue)
          ORDER BY triage.id DESC
         LIMIT 1) d ON (true));


--
-- Name: job_pauses; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.job_pauses (
    job text NOT NULL,
    reason text NOT NULL,
    paused_by text NOT NULL,
    paused_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT job_pauses_job_check CHECK (((length(job) >= 1) AND (length(job) <= 100))),
    CONSTRAINT job_pauses_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 500)))
);


--
-- Name: log_lines_unknown; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.log_lines_unknown (
    fingerprint bytea NOT NULL,
    source text NOT NULL,
    line text NOT NULL,
    count bigint NOT NULL,
    last_at timestamp with time zone,
    first_seen timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT log_lines_unknown_count_check CHECK ((count > 0)),
    CONSTRAINT log_lines_unknown_fingerprint_check CHECK ((octet_length(fingerprint) = 32)),
    CONSTRAINT log_lines_unknown_line_check CHECK ((length(line) <= 2000)),
    CONSTRAINT log_lines_unknown_source_check CHECK ((source = ANY (ARRAY['audit'::text, 'container'::text])))
);


--
-- Name: log_positions; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.log_positions (
    device bigint NOT NULL,
    inode bigint NOT NULL,
    path text NOT NULL,
    head bytea NOT NULL,
    read_to bigint NOT NULL,
    read_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT log_positions_head_check CHECK ((octet_length(head) = 32)),
    CONSTRAINT log_positions_path_check CHECK ((length(path) <= 4096)),
    CONSTRAINT log_positions_read_to_check CHECK ((read_to > 0))
);


--
-- Name: moltbook_accounts; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.moltbook_accounts (
    agent_id uuid NOT NULL,
    mode text NOT NULL,
    name text,
    state text DEFAULT 'unknown'::text NOT NULL,
    detail text,
    registered_at timestamp with time zone,
    suspended_until timestamp with time zone,
    failures_in_row integer DEFAULT 0 NOT NULL,
    frozen_at timestamp with time zone,
    faults timestamp with time zone[] DEFAULT '{}'::timestamp with time zone[] NOT NULL,
    open_since timestamp with time zone,
    probed_at timestamp with time zone,
    checked_at timestamp with time zone,
    resumed_at timestamp with time zone,
    resume_reason text,
    frozen_because text,
    CONSTRAINT moltbook_accounts_check CHECK (((state = 'suspended'::text) = (suspended_until IS NOT NULL))),
    CONSTRAINT moltbook_accounts_check1 CHECK (((resumed_at IS NULL) = (resume_reason IS NULL))),
    CONSTRAINT moltbook_accounts_detail_check CHECK ((length(detail) <= 1000)),
    CONSTRAINT moltbook_accounts_failures_in_row_check CHECK ((failures_in_row >= 0)),
    CONSTRAINT moltbook_accounts_frozen_because_check CHECK ((frozen_because = 'canary'::text)),
    CONSTRAINT moltbook_accounts_mode_check CHECK ((mode = ANY (ARRAY['real'::text, 'sandbox'::text]))),
    CONSTRAINT moltbook_accounts_name_check CHECK ((length(name) <= 200)),
    CONSTRAINT moltbook_accounts_resume_reason_check CHECK ((length(resume_reason) <= 500)),
    CONSTRAINT moltbook_accounts_state_check CHECK ((state = ANY (ARRAY['unknown'::text, 'ok'::text, 'unclaimed'::text, 'key_refused'::text, 'wrong_host'::text, 'forbidden'::text, 'captcha'::text, 'suspended'::text])))
);


--
-- Name: moltbook_budgets; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.moltbook_budgets (
    agent_id uuid NOT NULL,
    mode text NOT NULL,
    class text NOT NULL,
    quota integer,
    remaining integer,
    resets_at timestamp with time zone,
    blocked_until timestamp with time zone,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    spent timestamp with time zone[] DEFAULT '{}'::timestamp with time zone[] NOT NULL,
    CONSTRAINT moltbook_budgets_class_check CHECK ((class = ANY (ARRAY['read'::text, 'write'::text, 'post'::text, 'comment'::text, 'vote'::text, 'verify'::text, 'submolt'::text, 'account'::text]))),
    CONSTRAINT moltbook_budgets_mode_check CHECK ((mode = ANY (ARRAY['real'::text, 'dry_run'::text, 'sandbox'::text]))),
    CONSTRAINT moltbook_budgets_quota_check CHECK ((quota >= 0))
);


--
-- Name: moltbook_features; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.moltbook_features (
    agent_id uuid NOT NULL,
    mode text NOT NULL,
    feature text NOT NULL,
    available boolean NOT NULL,
    checked_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT moltbook_features_feature_check CHECK ((feature = ANY (ARRAY['home'::text, 'notifications'::text, 'messages'::text, 'search'::text, 'labels'::text, 'moderation'::text, 'verify'::text, 'owner_email'::text]))),
    CONSTRAINT moltbook_features_mode_check CHECK ((mode = ANY (ARRAY['real'::text, 'sandbox'::text])))
);


--
-- Name: moltbook_intents; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.moltbook_intents (
    run_id uuid NOT NULL,
    intent bytea NOT NULL,
    agent_id uuid NOT NULL,
    mode text NOT NULL,
    call_id uuid NOT NULL,
    tool text NOT NULL,
    subject text,
    arguments jsonb NOT NULL,
    state text DEFAULT 'sending'::text NOT NULL,
    answer jsonb,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    settled_at timestamp with time zone,
    checks integer DEFAULT 0 NOT NULL,
    next_check_at timestamp with time zone,
    CONSTRAINT moltbook_intents_check CHECK (((state = 'done'::text) = (answer IS NOT NULL))),
    CONSTRAINT moltbook_intents_intent_check CHECK ((octet_length(intent) = 32)),
    CONSTRAINT moltbook_intents_mode_check CHECK ((mode = ANY (ARRAY['real'::text, 'dry_run'::text, 'sandbox'::text]))),
    CONSTRAINT moltbook_intents_state_check CHECK ((state = ANY (ARRAY['sending'::text, 'done'::text, 'unknown'::text, 'gave_up'::text])))
);


--
-- Name: moltbook_memory; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.moltbook_memory (
    agent_id uuid NOT NULL,
    mode text NOT NULL,
    target_kind text NOT NULL,
    target_id text NOT NULL,
    title text,
    author text,
    vote text,
    voted_at timestamp with time zone,
    seen_at timestamp with time zone,
    seen_comments integer,
    own boolean DEFAULT false NOT NULL,
    CONSTRAINT moltbook_memory_author_check CHECK ((length(author) <= 200)),
    CONSTRAINT moltbook_memory_check CHECK (((vote IS NULL) = (voted_at IS NULL))),
    CONSTRAINT moltbook_memory_mode_check CHECK ((mode = ANY (ARRAY['real'::text, 'dry_run'::text, 'sandbox'::text]))),
    CONSTRAINT moltbook_memory_seen_comments_check CHECK ((seen_comments >= 0)),
    CONSTRAINT moltbook_memory_target_kind_check CHECK ((target_kind = ANY (ARRAY['post'::text, 'comment'::text]))),
    CONSTRAINT moltbook_memory_title_check CHECK ((length(title) <= 300)),
    CONSTRAINT moltbook_memory_vote_check CHECK ((vote = ANY (ARRAY['up'::text, 'down'::text])))
);


--
-- Name: moltbook_message_requests; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.moltbook_message_requests (
    agent_id uuid NOT NULL,
    mode text NOT NULL,
    conversation_id text NOT NULL,
    from_agent text,
    preview text,
    state text DEFAULT 'open'::text NOT NULL,
    requested_at timestamp with time zone,
    first_seen_at timestamp with time zone DEFAULT now() NOT NULL,
    decided_at timestamp with time zone,
    decided_by text,
    decision_reason text,
    told_at timestamp with time zone,
    CONSTRAINT moltbook_message_requests_check CHECK (((state = ANY (ARRAY['open'::text, 'gone'::text])) OR ((decided_at IS NOT NULL) AND (decided_by IS NOT NULL)))),
    CONSTRAINT moltbook_message_requests_decision_reason_check CHECK ((length(decision_reason) <= 500)),
    CONSTRAINT moltbook_message_requests_from_agent_check CHECK ((length(from_agent) <= 200)),
    CONSTRAINT moltbook_message_requests_mode_check CHECK ((mode = ANY (ARRAY['real'::text, 'sandbox'::text]))),
    CONSTRAINT moltbook_message_requests_preview_check CHECK ((length(preview) <= 1000)),
    CONSTRAINT moltbook_message_requests_state_check CHECK ((state = ANY (ARRAY['open'::text, 'approved'::text, 'rejected'::text, 'blocked'::text, 'gone'::text])))
);


--
-- Name: moltbook_writings; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.moltbook_writings (
    id uuid NOT NULL,
    agent_id uuid NOT NULL,
    run_id uuid NOT NULL,
    call_id uuid NOT NULL,
    mode text NOT NULL,
    kind text NOT NULL,
    place text NOT NULL,
    item_id text,
    title text,
    content text,
    text_hash bytea NOT NULL,
    sketch integer[] NOT NULL,
    state text NOT NULL,
    published_at timestamp with time zone,
    checks integer DEFAULT 0 NOT NULL,
    next_check_at timestamp with time zone,
    CONSTRAINT moltbook_writings_content_check CHECK ((length(content) <= 40000)),
    CONSTRAINT moltbook_writings_kind_check CHECK ((kind = ANY (ARRAY['post'::text, 'comment'::text, 'submolt'::text, 'message'::text]))),
    CONSTRAINT moltbook_writings_mode_check CHECK ((mode = ANY (ARRAY['real'::text, 'dry_run'::text, 'sandbox'::text]))),
    CONSTRAINT moltbook_writings_state_check CHECK ((state = ANY (ARRAY['sending'::text, 'unknown'::text, 'pending'::text, 'published'::text, 'visible'::text, 'hidden'::text, 'dead'::text]))),
    CONSTRAINT moltbook_writings_text_hash_check CHECK ((octet_length(text_hash) = 32)),
    CONSTRAINT moltbook_writings_title_check CHECK ((length(title) <= 300))
);


--
-- Name: oddities; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.oddities (
    id uuid NOT NULL,
    agent_id uuid NOT NULL,
    run_id uuid,
    mode text,
    type text NOT NULL,
    severity text NOT NULL,
    description text NOT NULL,
    call_ids uuid[] DEFAULT '{}'::uuid[] NOT NULL,
    fingerprint text NOT NULL,
    subject text DEFAULT ''::text NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    issue uuid GENERATED ALWAYS AS (public.issue_key('oddity'::text, agent_id, mode, type, subject)) STORED NOT NULL,
    CONSTRAINT oddities_description_check CHECK ((length(description) <= 1000)),
    CONSTRAINT oddities_fingerprint_check CHECK ((fingerprint ~ '^[0-9a-f]{64}$'::text)),
    CONSTRAINT oddities_mode_check CHECK ((mode = ANY (ARRAY['real'::text, 'dry_run'::text, 'sandbox'::text]))),
    CONSTRAINT oddities_severity_check CHECK ((severity = ANY (ARRAY['info'::text, 'low'::text, 'medium'::text, 'high'::text, 'critical'::text]))),
    CONSTRAINT oddities_subject_check CHECK ((length(subject) <= 300)),
    CONSTRAINT oddities_type_check CHECK ((type ~ '^[a-z_]+$'::text))
);


--
-- Name: oddity_rules; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.oddity_rules (
    type text NOT NULL,
    enabled boolean,
    threshold integer,
    changed_by text NOT NULL,
    changed_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT oddity_rules_threshold_check CHECK ((threshold > 0)),
    CONSTRAINT oddity_rules_type_check CHECK ((type ~ '^[a-z_]+$'::text))
);


--
-- Name: prompt_activations; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.prompt_activations (
    id uuid NOT NULL,
    agent_id uuid NOT NULL,
    version_id uuid NOT NULL,
    actor text NOT NULL,
    reason text NOT NULL,
    activated_at timestamp with time zone DEFAULT now() NOT NULL,
    deactivated_at timestamp with time zone,
    CONSTRAINT prompt_activations_check CHECK ((deactivated_at >= activated_at))
);


--
-- Name: prompt_figures; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.prompt_figures (
    version_id uuid NOT NULL,
    mode text NOT NULL,
    runs integer DEFAULT 0 NOT NULL,
    cost_usd numeric(14,6) DEFAULT 0 NOT NULL,
    oddities integer DEFAULT 0 NOT NULL,
    CONSTRAINT prompt_figures_mode_check CHECK ((mode = ANY (ARRAY['real'::text, 'dry_run'::text, 'sandbox'::text])))
);


--
-- Name: prompt_proposals; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.prompt_proposals (
    id uuid NOT NULL,
    agent_id uuid NOT NULL,
    run_id uuid NOT NULL,
    call_id uuid NOT NULL,
    parent_id uuid,
    text text NOT NULL,
    sha256 text NOT NULL,
    reason text NOT NULL,
    status text DEFAULT 'open'::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    decided_at timestamp with time zone,
    decided_by text,
    decision_reason text,
    evidence jsonb DEFAULT '[]'::jsonb NOT NULL,
    version_id uuid,
    told_at timestamp with time zone,
    CONSTRAINT prompt_proposals_check CHECK (((status = ANY (ARRAY['open'::text, 'superseded'::text, 'expired'::text])) OR ((decided_at IS NOT NULL) AND (decided_by IS NOT NULL)))),
    CONSTRAINT prompt_proposals_reason_check CHECK (((length(reason) >= 5) AND (length(reason) <= 500))),
    CONSTRAINT prompt_proposals_sha256_check CHECK ((sha256 ~ '^[0-9a-f]{64}$'::text)),
    CONSTRAINT prompt_proposals_status_check CHECK ((status = ANY (ARRAY['open'::text, 'approved'::text, 'rejected'::text, 'superseded'::text, 'expired'::text]))),
    CONSTRAINT prompt_proposals_text_check CHECK (((length(text) >= 50) AND (length(text) <= 50000)))
);


--
-- Name: prompt_versions; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.prompt_versions (
    id uuid NOT NULL,
    agent_id uuid NOT NULL,
    number integer NOT NULL,
    text text NOT NULL,
    sha256 text NOT NULL,
    author text NOT NULL,
    reason text NOT NULL,
    parent_id uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT prompt_versions_author_check CHECK ((author ~ '^(system|operator|api|agent|key)(:.{1,200})?$'::text)),
    CONSTRAINT prompt_versions_number_check CHECK ((number > 0)),
    CONSTRAINT prompt_versions_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 500))),
    CONSTRAINT prompt_versions_sha256_check CHECK ((sha256 ~ '^[0-9a-f]{64}$'::text)),
    CONSTRAINT prompt_versions_text_check CHECK (((length(text) >= 1) AND (length(text) <= 50000)))
);


--
-- Name: run_tokens; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.run_tokens (
    id uuid NOT NULL,
    agent_id uuid NOT NULL,
    run_id uuid NOT NULL,
    token_hash bytea NOT NULL,
    policy jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    CONSTRAINT run_tokens_token_hash_check CHECK ((octet_length(token_hash) = 32))
);


--
-- Name: runs; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.runs (
    id uuid NOT NULL,
    agent_id uuid NOT NULL,
    mode text NOT NULL,
    kind text DEFAULT 'heartbeat'::text NOT NULL,
    trigger text NOT NULL,
    slot text,
    status text NOT NULL,
    outcome text,
    skip_reason text,
    detail text,
    prompt_version_id uuid,
    agent_command text,
    runner text,
    lease_expires_at timestamp with time zone,
    agent_pid integer,
    model text,
    client_version text,
    session_id text,
    input_tokens bigint,
    output_tokens bigint,
    cache_read_tokens bigint,
    cache_creation_tokens bigint,
    cost_usd numeric(12,6),
    turns integer,
    exit_code integer,
    summary text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    started_at timestamp with time zone,
    finished_at timestamp with time zone,
    prompt_source text DEFAULT 'active'::text NOT NULL,
    external_id text,
    script_variant text,
    run_number integer,
    output_sha256 text,
    CONSTRAINT runs_cache_creation_tokens_check CHECK ((cache_creation_tokens >= 0)),
    CONSTRAINT runs_cache_read_tokens_check CHECK ((cache_read_tokens >= 0)),
    CONSTRAINT runs_check CHECK ((finished_at >= started_at)),
    CONSTRAINT runs_check1 CHECK (
CASE
    WHEN (status = ANY (ARRAY['queued'::text, 'running'::text, 'stopping'::text])) THEN (finished_at IS NULL)
    ELSE ((finished_at IS NOT NULL) OR (kind = 'claimed'::text))
END),
    CONSTRAINT runs_check2 CHECK (((status = 'skipped'::text) = (skip_reason IS NOT NULL))),
    CONSTRAINT runs_cost_usd_check CHECK ((cost_usd >= (0)::numeric)),
    CONSTRAINT runs_detail_check CHECK ((length(detail) <= 5000)),
    CONSTRAINT runs_external_id_check CHECK (((length(external_id) >= 1) AND (length(external_id) <= 200))),
    CONSTRAINT runs_input_tokens_check CHECK ((input_tokens >= 0)),
    CONSTRAINT runs_kind_check CHECK ((kind = ANY (ARRAY['heartbeat'::text, 'ad_hoc'::text, 'claimed'::text]))),
    CONSTRAINT runs_mode_check CHECK ((mode = ANY (ARRAY['real'::text, 'dry_run'::text, 'sandbox'::text]))),
    CONSTRAINT runs_outcome_check CHECK ((outcome = ANY (ARRAY['acted'::text, 'nothing_to_do'::text, 'degraded'::text, 'blocked'::text, 'unknown'::text]))),
    CONSTRAINT runs_output_sha256_check CHECK ((output_sha256 ~ '^[0-9a-f]{64}$'::text)),
    CONSTRAINT runs_output_tokens_check CHECK ((output_tokens >= 0)),
    CONSTRAINT runs_prompt_source_check CHECK ((prompt_source = ANY (ARRAY['active'::text, 'cache'::text]))),
    CONSTRAINT runs_script_variant_check CHECK ((length(script_variant) <= 100)),
    CONSTRAINT runs_skip_reason_check CHECK ((skip_reason = ANY (ARRAY['paused'::text, 'kill_switch'::text, 'outside_active_hours'::text, 'overlap'::text, 'budget'::text, 'gate_no_news'::text, 'preflight_failed'::text, 'account_suspended'::text, 'prompt_missing'::text]))),
    CONSTRAINT runs_status_check CHECK ((status = ANY (ARRAY['queued'::text, 'running'::text, 'stopping'::text, 'succeeded'::text, 'failed'::text, 'timed_out'::text, 'cancelled'::text, 'lost'::text, 'skipped'::text]))),
    CONSTRAINT runs_summary_check CHECK ((length(summary) <= 5000)),
    CONSTRAINT runs_trigger_check CHECK ((trigger = ANY (ARRAY['schedule'::text, 'manual'::text, 'first_start'::text, 'token'::text, 'import'::text]))),
    CONSTRAINT runs_turns_check CHECK ((turns >= 0))
);


--
-- Name: schedule_slots; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.schedule_slots (
    job text NOT NULL,
    slot timestamp with time zone NOT NULL,
    claimed_by text NOT NULL,
    claimed_at timestamp with time zone DEFAULT now() NOT NULL,
    finished_at timestamp with time zone,
    ok boolean,
    detail text,
    asked_by text
);


--
-- Name: schema_migrations; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.schema_migrations (
    version character varying NOT NULL
);


--
-- Name: sessions; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.sessions (
    id uuid NOT NULL,
    token_hash bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    user_id uuid NOT NULL,
    opened_by text NOT NULL,
    source text,
    client text,
    last_used_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT sessions_client_check CHECK ((length(client) <= 200)),
    CONSTRAINT sessions_opened_by_check CHECK ((opened_by = ANY (ARRAY['link'::text, 'password'::text]))),
    CONSTRAINT sessions_source_check CHECK ((length(source) <= 100)),
    CONSTRAINT sessions_token_hash_check CHECK ((octet_length(token_hash) = 32))
);


--
-- Name: sign_in_attempts; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.sign_in_attempts (
    door text NOT NULL,
    failures integer NOT NULL,
    last_at timestamp with time zone DEFAULT now() NOT NULL,
    closed_until timestamp with time zone,
    CONSTRAINT sign_in_attempts_door_check CHECK ((length(door) <= 100)),
    CONSTRAINT sign_in_attempts_failures_check CHECK ((failures > 0))
);


--
-- Name: sign_in_links; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.sign_in_links (
    token_hash bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    user_id uuid NOT NULL,
    CONSTRAINT sign_in_links_token_hash_check CHECK ((octet_length(token_hash) = 32))
);


--
-- Name: stale_figures; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.stale_figures (
    day date NOT NULL
);


--
-- Name: tool_calls; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.tool_calls (
    id uuid NOT NULL,
    agent_id uuid NOT NULL,
    run_id uuid NOT NULL,
    mode text NOT NULL,
    tool text NOT NULL,
    is_write boolean NOT NULL,
    request_id text,
    tool_use_id text,
    client_name text,
    client_version text,
    era text,
    arguments jsonb NOT NULL,
    arguments_sha256 text NOT NULL,
    outcome text,
    error text,
    result jsonb,
    result_sha256 text,
    result_bytes integer,
    upstream_method text,
    upstream_path text,
    upstream_status integer,
    withheld integer DEFAULT 0 NOT NULL,
    started_at timestamp with time zone DEFAULT now() NOT NULL,
    finished_at timestamp with time zone,
    trace_parent text,
    CONSTRAINT tool_calls_arguments_sha256_check CHECK ((arguments_sha256 ~ '^[0-9a-f]{64}$'::text)),
    CONSTRAINT tool_calls_check CHECK (((outcome IS NULL) = (finished_at IS NULL))),
    CONSTRAINT tool_calls_era_check CHECK ((era = ANY (ARRAY['legacy'::text, 'modern'::text]))),
    CONSTRAINT tool_calls_error_check CHECK ((length(error) <= 2000)),
    CONSTRAINT tool_calls_mode_check CHECK ((mode = ANY (ARRAY['real'::text, 'dry_run'::text, 'sandbox'::text]))),
    CONSTRAINT tool_calls_outcome_check CHECK ((outcome = ANY (ARRAY['ok'::text, 'tool_error'::text, 'protocol_error'::text, 'denied'::text, 'rate_limited'::text, 'cancelled'::text, 'unknown'::text]))),
    CONSTRAINT tool_calls_result_bytes_check CHECK ((result_bytes >= 0)),
    CONSTRAINT tool_calls_result_sha256_check CHECK ((result_sha256 ~ '^[0-9a-f]{64}$'::text)),
    CONSTRAINT tool_calls_trace_parent_check CHECK ((length(trace_parent) <= 100)),
    CONSTRAINT tool_calls_withheld_check CHECK ((withheld >= 0))
)
PARTITION BY RANGE (id);
ALTER TABLE ONLY public.tool_calls ALTER COLUMN result SET STORAGE EXTERNAL;


--
-- Name: tool_tallies; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.tool_tallies (
    agent_id uuid NOT NULL,
    mode text NOT NULL,
    tool text NOT NULL,
    count integer NOT NULL
);


--
-- Name: transcripts; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.transcripts (
    id uuid NOT NULL,
    agent_id uuid NOT NULL,
    run_id uuid NOT NULL,
    seq integer NOT NULL,
    stream text NOT NULL,
    line text NOT NULL,
    CONSTRAINT transcripts_seq_check CHECK ((seq >= 0)),
    CONSTRAINT transcripts_stream_check CHECK ((stream = ANY (ARRAY['stdout'::text, 'stderr'::text, 'gap'::text])))
)
PARTITION BY RANGE (id);


--
-- Name: users; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.users (
    id uuid NOT NULL,
    name text NOT NULL,
    role text NOT NULL,
    password_hash text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    disabled_at timestamp with time zone,
    CONSTRAINT users_name_check CHECK ((name ~ '^[A-Za-z0-9_-]{1,40}$'::text)),
    CONSTRAINT users_password_hash_check CHECK ((password_hash ~~ '$argon2id$%'::text)),
    CONSTRAINT users_role_check CHECK ((role = ANY (ARRAY['operator'::text, 'viewer'::text])))
);


--
-- Name: verifications; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.verifications (
    id uuid NOT NULL,
    agent_id uuid NOT NULL,
    run_id uuid NOT NULL,
    call_id uuid NOT NULL,
    mode text NOT NULL,
    code_hash bytea NOT NULL,
    target_kind text NOT NULL,
    target_id text,
    status text DEFAULT 'pending'::text NOT NULL,
    expires_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    answered_at timestamp with time zone,
    CONSTRAINT verifications_code_hash_check CHECK ((octet_length(code_hash) = 32)),
    CONSTRAINT verifications_mode_check CHECK ((mode = ANY (ARRAY['real'::text, 'dry_run'::text, 'sandbox'::text]))),
    CONSTRAINT verifications_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'verified'::text, 'failed'::text, 'expired'::text, 'unknown'::text]))),
    CONSTRAINT verifications_target_kind_check CHECK ((target_kind = ANY (ARRAY['post'::text, 'comment'::text, 'submolt'::text, 'message'::text])))
);


--
-- Name: actions actions_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.actions
    ADD CONSTRAINT actions_pkey PRIMARY KEY (id);


--
-- Name: agents agents_name_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.agents
    ADD CONSTRAINT agents_name_key UNIQUE (name);


--
-- Name: agents agents_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.agents
    ADD CONSTRAINT agents_pkey PRIMARY KEY (id);


--
-- Name: api_keys api_keys_key_hash_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT api_keys_key_hash_key UNIQUE (key_hash);


--
-- Name: api_keys api_keys_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT api_keys_pkey PRIMARY KEY (id);


--
-- Name: audit_log audit_log_hash_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.audit_log
    ADD CONSTRAINT audit_log_hash_key UNIQUE (hash);


--
-- Name: audit_log audit_log_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.audit_log
    ADD CONSTRAINT audit_log_pkey PRIMARY KEY (seq);


--
-- Name: audit_verifications audit_verifications_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.audit_verifications
    ADD CONSTRAINT audit_verifications_pkey PRIMARY KEY (id);


--
-- Name: blocked_authors blocked_authors_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.blocked_authors
    ADD CONSTRAINT blocked_authors_pkey PRIMARY KEY (id);


--
-- Name: canaries canaries_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.canaries
    ADD CONSTRAINT canaries_pkey PRIMARY KEY (sha256);


--
-- Name: claims claims_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.claims
    ADD CONSTRAINT claims_pkey PRIMARY KEY (id);


--
-- Name: claims claims_run_id_seq_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.claims
    ADD CONSTRAINT claims_run_id_seq_key UNIQUE (run_id, seq);


--
-- Name: daily_figures daily_figures_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.daily_figures
    ADD CONSTRAINT daily_figures_pkey PRIMARY KEY (mode, day, agent_id);


--
-- Name: daily_hits daily_hits_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.daily_hits
    ADD CONSTRAINT daily_hits_pkey PRIMARY KEY (mode, agent_id, day, rule);


--
-- Name: document_decisions document_decisions_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.document_decisions
    ADD CONSTRAINT document_decisions_pkey PRIMARY KEY (id);


--
-- Name: document_versions document_versions_agent_id_mode_name_sha256_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.document_versions
    ADD CONSTRAINT document_versions_agent_id_mode_name_sha256_key UNIQUE (agent_id, mode, name, sha256);


--
-- Name: document_versions document_versions_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.document_versions
    ADD CONSTRAINT document_versions_pkey PRIMARY KEY (id);


--
-- Name: documents documents_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.documents
    ADD CONSTRAINT documents_pkey PRIMARY KEY (agent_id, mode, name);


--
-- Name: events events_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.events
    ADD CONSTRAINT events_pkey PRIMARY KEY (id);


--
-- Name: exposures exposures_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.exposures
    ADD CONSTRAINT exposures_pkey PRIMARY KEY (id);


--
-- Name: filter_inputs filter_inputs_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.filter_inputs
    ADD CONSTRAINT filter_inputs_pkey PRIMARY KEY (agent_id, content_hash);


--
-- Name: filter_opinions filter_opinions_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.filter_opinions
    ADD CONSTRAINT filter_opinions_pkey PRIMARY KEY (version, content_hash);


--
-- Name: job_pauses job_pauses_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.job_pauses
    ADD CONSTRAINT job_pauses_pkey PRIMARY KEY (job);


--
-- Name: log_lines_unknown log_lines_unknown_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.log_lines_unknown
    ADD CONSTRAINT log_lines_unknown_pkey PRIMARY KEY (fingerprint);


--
-- Name: log_positions log_positions_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.log_positions
    ADD CONSTRAINT log_positions_pkey PRIMARY KEY (device, inode);


--
-- Name: moltbook_accounts moltbook_accounts_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.moltbook_accounts
    ADD CONSTRAINT moltbook_accounts_pkey PRIMARY KEY (agent_id, mode);


--
-- Name: moltbook_budgets moltbook_budgets_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.moltbook_budgets
    ADD CONSTRAINT moltbook_budgets_pkey PRIMARY KEY (agent_id, mode, class);


--
-- Name: moltbook_features moltbook_features_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.moltbook_features
    ADD CONSTRAINT moltbook_features_pkey PRIMARY KEY (agent_id, mode, feature);


--
-- Name: moltbook_intents moltbook_intents_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.moltbook_intents
    ADD CONSTRAINT moltbook_intents_pkey PRIMARY KEY (run_id, intent);


--
-- Name: moltbook_memory moltbook_memory_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.moltbook_memory
    ADD CONSTRAINT moltbook_memory_pkey PRIMARY KEY (agent_id, mode, target_kind, target_id);


--
-- Name: moltbook_message_requests moltbook_message_requests_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.moltbook_message_requests
    ADD CONSTRAINT moltbook_message_requests_pkey PRIMARY KEY (agent_id, mode, conversation_id);


--
-- Name: moltbook_writings moltbook_writings_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.moltbook_writings
    ADD CONSTRAINT moltbook_writings_pkey PRIMARY KEY (id);


--
-- Name: oddities oddities_fingerprint_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.oddities
    ADD CONSTRAINT oddities_fingerprint_key UNIQUE (fingerprint);


--
-- Name: oddities oddities_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.oddities
    ADD CONSTRAINT oddities_pkey PRIMARY KEY (id);


--
-- Name: oddity_rules oddity_rules_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.oddity_rules
    ADD CONSTRAINT oddity_rules_pkey PRIMARY KEY (type);


--
-- Name: prompt_activations prompt_activations_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.prompt_activations
    ADD CONSTRAINT prompt_activations_pkey PRIMARY KEY (id);


--
-- Name: prompt_proposals prompt_proposals_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.prompt_proposals
    ADD CONSTRAINT prompt_proposals_pkey PRIMARY KEY (id);


--
-- Name: prompt_versions prompt_versions_agent_id_number_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.prompt_versions
    ADD CONSTRAINT prompt_versions_agent_id_number_key UNIQUE (agent_id, number);


--
-- Name: prompt_versions prompt_versions_agent_id_sha256_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.prompt_versions
    ADD CONSTRAINT prompt_versions_agent_id_sha256_key UNIQUE (agent_id, sha256);


--
-- Name: prompt_versions prompt_versions_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.prompt_versions
    ADD CONSTRAINT prompt_versions_pkey PRIMARY KEY (id);


--
-- Name: run_tokens run_tokens_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.run_tokens
    ADD CONSTRAINT run_tokens_pkey PRIMARY KEY (id);


--
-- Name: run_tokens run_tokens_token_hash_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.run_tokens
    ADD CONSTRAINT run_tokens_token_hash_key UNIQUE (token_hash);


--
-- Name: runs runs_agent_id_slot_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.runs
    ADD CONSTRAINT runs_agent_id_slot_key UNIQUE (agent_id, slot);


--
-- Name: runs runs_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.runs
    ADD CONSTRAINT runs_pkey PRIMARY KEY (id);


--
-- Name: schedule_slots schedule_slots_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.schedule_slots
    ADD CONSTRAINT schedule_slots_pkey PRIMARY KEY (job, slot);


--
-- Name: schema_migrations schema_migrations_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.schema_migrations
    ADD CONSTRAINT schema_migrations_pkey PRIMARY KEY (version);


--
-- Name: sessions sessions_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_pkey PRIMARY KEY (id);


--
-- Name: sessions sessions_token_hash_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_token_hash_key UNIQUE (token_hash);


--
-- Name: sign_in_attempts sign_in_attempts_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.sign_in_attempts
    ADD CONSTRAINT sign_in_attempts_pkey PRIMARY KEY (door);


--
-- Name: sign_in_links sign_in_links_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.sign_in_links
    ADD CONSTRAINT sign_in_links_pkey PRIMARY KEY (token_hash);


--
-- Name: tool_calls tool_calls_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tool_calls
    ADD CONSTRAINT tool_calls_pkey PRIMARY KEY (id);


--
-- Name: transcripts transcripts_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.transcripts
    ADD CONSTRAINT transcripts_pkey PRIMARY KEY (id);


--
-- Name: triage triage_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.triage
    ADD CONSTRAINT triage_pkey PRIMARY KEY (id);


--
-- Name: users users_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);


--
-- Name: verifications verifications_agent_id_code_hash_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.verifications
    ADD CONSTRAINT verifications_agent_id_code_hash_key UNIQUE (agent_id, code_hash);


--
-- Name: verifications verifications_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.verifications
    ADD CONSTRAINT verifications_pkey PRIMARY KEY (id);


--
-- Name: actions_by_agent; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX actions_by_agent ON public.actions USING btree (agent_id, id DESC);


--
-- Name: actions_by_mode; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX actions_by_mode ON public.actions USING btree (mode, id DESC);


--
-- Name: actions_by_run; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX actions_by_run ON public.actions USING btree (run_id, id);


--
-- Name: actions_by_source; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX actions_by_source ON public.actions USING btree (source, id DESC);


--
-- Name: actions_by_status; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX actions_by_status ON public.actions USING btree (status, id DESC);


--
-- Name: actions_by_text; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX actions_by_text ON public.actions USING gin ((((((COALESCE(target_title, ''::text) || '
'::text) || COALESCE(target_author, ''::text)) || '
'::text) || COALESCE(detail, ''::text))) public.gin_trgm_ops) WITH (gin_pending_list_limit='512');


--
-- Name: actions_by_type; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX actions_by_type ON public.actions USING btree (type, id DESC);


--
-- Name: actions_votes; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX actions_votes ON public.actions USING btree (agent_id, target_id, id) WHERE (type = ANY (ARRAY['upvoted'::text, 'downvoted'::text, 'unvoted'::text]));


--
-- Name: audit_log_by_agent; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX audit_log_by_agent ON public.audit_log USING btree (agent_id, seq DESC);


--
-- Name: audit_log_by_kind; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX audit_log_by_kind ON public.audit_log USING btree (kind, seq DESC);


--
-- Name: audit_log_by_time; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX audit_log_by_time ON public.audit_log USING btree (at);


--
-- Name: blocked_authors_active; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX blocked_authors_active ON public.blocked_authors USING btree (agent_id, mode, handle) WHERE (unblocked_at IS NULL);


--
-- Name: blocked_authors_by_agent; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX blocked_authors_by_agent ON public.blocked_authors USING btree (agent_id, mode, id DESC);


--
-- Name: blocked_authors_by_handle; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX blocked_authors_by_handle ON public.blocked_authors USING btree (agent_id, mode, handle, id DESC);


--
-- Name: day_tallies_by_day; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX day_tallies_by_day ON public.day_tallies USING btree (day);


--
-- Name: document_decisions_by_version; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX document_decisions_by_version ON public.document_decisions USING btree (version_id, id DESC);


--
-- Name: document_versions_by_agent; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX document_versions_by_agent ON public.document_versions USING btree (agent_id, mode, id DESC);


--
-- Name: events_attempts; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX events_attempts ON ONLY public.events USING btree (agent_id, fingerprint) WHERE ((call_id IS NOT NULL) AND (type = ANY (ARRAY['injection_attempt'::text, 'suspicious_pattern'::text])));


--
-- Name: events_by_agent; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX events_by_agent ON ONLY public.events USING btree (agent_id, id);


--
-- Name: events_by_issue; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX events_by_issue ON ONLY public.events USING btree (issue, id);


--
-- Name: events_by_run; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX events_by_run ON ONLY public.events USING btree (run_id, id) WHERE (run_id IS NOT NULL);


--
-- Name: events_by_type; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX events_by_type ON ONLY public.events USING btree (type, id);


--
-- Name: exposures_by_rule; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX exposures_by_rule ON ONLY public.exposures USING btree (agent_id, id DESC) INCLUDE (run_id, rules) WHERE (rules <> '{}'::text[]);


--
-- Name: exposures_by_run; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX exposures_by_run ON ONLY public.exposures USING btree (run_id, id);


--
-- Name: exposures_flagged; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX exposures_flagged ON ONLY public.exposures USING btree (agent_id, id DESC) WHERE (band <> 'allow'::text);


--
-- Name: exposures_flagged_by_author; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX exposures_flagged_by_author ON ONLY public.exposures USING btree (agent_id, lower(author)) WHERE (band = ANY (ARRAY['redact'::text, 'withhold'::text]));


--
-- Name: filter_inputs_by_age; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX filter_inputs_by_age ON public.filter_inputs USING btree (created_at);


--
-- Name: filter_opinions_created_at; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX filter_opinions_created_at ON public.filter_opinions USING btree (created_at);


--
-- Name: issue_tallies_by_issue; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX issue_tallies_by_issue ON public.issue_tallies USING btree (issue);


--
-- Name: issue_tallies_urgent; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX issue_tallies_urgent ON public.issue_tallies USING btree (agent_id, issue) WHERE (severity = ANY (ARRAY['high'::text, 'critical'::text]));


--
-- Name: log_positions_by_head; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX log_positions_by_head ON public.log_positions USING btree (head);


--
-- Name: moltbook_intents_by_subject; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX moltbook_intents_by_subject ON public.moltbook_intents USING btree (run_id, subject) WHERE (subject IS NOT NULL);


--
-- Name: moltbook_intents_unsettled; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX moltbook_intents_unsettled ON public.moltbook_intents USING btree (agent_id, next_check_at) WHERE (state = ANY (ARRAY['sending'::text, 'unknown'::text]));


--
-- Name: moltbook_message_requests_by_time; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX moltbook_message_requests_by_time ON public.moltbook_message_requests USING btree (agent_id, mode, first_seen_at DESC, conversation_id DESC);


--
-- Name: moltbook_writings_by_agent; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX moltbook_writings_by_agent ON public.moltbook_writings USING btree (agent_id, mode, id DESC);


--
-- Name: moltbook_writings_by_call; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX moltbook_writings_by_call ON public.moltbook_writings USING btree (call_id);


--
-- Name: moltbook_writings_by_place; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX moltbook_writings_by_place ON public.moltbook_writings USING btree (agent_id, place) WHERE (kind = 'comment'::text);


--
-- Name: moltbook_writings_by_text; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX moltbook_writings_by_text ON public.moltbook_writings USING btree (agent_id, text_hash);


--
-- Name: moltbook_writings_unsettled; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX moltbook_writings_unsettled ON public.moltbook_writings USING btree (agent_id, next_check_at) WHERE (state = ANY (ARRAY['pending'::text, 'published'::text]));


--
-- Name: oddities_by_agent; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX oddities_by_agent ON public.oddities USING btree (agent_id, id DESC);


--
-- Name: oddities_by_issue; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX oddities_by_issue ON public.oddities USING btree (issue, id);


--
-- Name: oddities_by_time; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX oddities_by_time ON public.oddities USING btree (id DESC);


--
-- Name: prompt_activations_by_agent; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX prompt_activations_by_agent ON public.prompt_activations USING btree (agent_id, id DESC);


--
-- Name: prompt_activations_one_active; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX prompt_activations_one_active ON public.prompt_activations USING btree (agent_id) WHERE (deactivated_at IS NULL);


--
-- Name: prompt_figures_by_version; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX prompt_figures_by_version ON public.prompt_figures USING btree (version_id, mode);


--
-- Name: prompt_proposals_by_agent; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX prompt_proposals_by_agent ON public.prompt_proposals USING btree (agent_id, id DESC);


--
-- Name: prompt_proposals_by_version; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX prompt_proposals_by_version ON public.prompt_proposals USING btree (version_id) WHERE (version_id IS NOT NULL);


--
-- Name: prompt_proposals_one_open; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX prompt_proposals_one_open ON public.prompt_proposals USING btree (agent_id) WHERE (status = 'open'::text);


--
-- Name: prompt_versions_by_agent; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX prompt_versions_by_agent ON public.prompt_versions USING btree (agent_id, id DESC);


--
-- Name: run_tokens_by_run; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX run_tokens_by_run ON public.run_tokens USING btree (run_id);


--
-- Name: runs_by_agent; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX runs_by_agent ON public.runs USING btree (agent_id, id DESC);


--
-- Name: runs_by_agent_and_mode; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX runs_by_agent_and_mode ON public.runs USING btree (agent_id, mode, id DESC);


--
-- Name: runs_by_external_id; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX runs_by_external_id ON public.runs USING btree (external_id, agent_id);


--
-- Name: runs_by_kind; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX runs_by_kind ON public.runs USING btree (kind, id DESC);


--
-- Name: runs_by_mode; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX runs_by_mode ON public.runs USING btree (mode, id DESC);


--
-- Name: runs_by_outcome; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX runs_by_outcome ON public.runs USING btree (outcome, id DESC);


--
-- Name: runs_by_status; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX runs_by_status ON public.runs USING btree (status, id DESC);


--
-- Name: runs_by_text; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX runs_by_text ON public.runs USING gin ((((((((COALESCE(summary, ''::text) || '
'::text) || COALESCE(detail, ''::text)) || '
'::text) || COALESCE(external_id, ''::text)) || '
'::text) || (id)::text)) public.gin_trgm_ops) WITH (gin_pending_list_limit='512');


--
-- Name: runs_by_trigger; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX runs_by_trigger ON public.runs USING btree (trigger, id DESC);


--
-- Name: runs_heartbeats; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX runs_heartbeats ON public.runs USING btree (agent_id, mode, id DESC) WHERE ((kind = 'heartbeat'::text) AND (status <> 'skipped'::text));


--
-- Name: runs_one_live_heartbeat; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX runs_one_live_heartbeat ON public.runs USING btree (agent_id) WHERE ((kind = 'heartbeat'::text) AND (status = ANY (ARRAY['queued'::text, 'running'::text, 'stopping'::text])));


--
-- Name: sessions_by_user; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX sessions_by_user ON public.sessions USING btree (user_id, id DESC);


--
-- Name: sign_in_attempts_by_age; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX sign_in_attempts_by_age ON public.sign_in_attempts USING btree (last_at);


--
-- Name: stale_figures_by_day; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX stale_figures_by_day ON public.stale_figures USING btree (day);


--
-- Name: tool_calls_by_agent; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX tool_calls_by_agent ON ONLY public.tool_calls USING btree (agent_id, id DESC);


--
-- Name: tool_calls_by_mode; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX tool_calls_by_mode ON ONLY public.tool_calls USING btree (mode, id DESC);


--
-- Name: tool_calls_by_outcome; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX tool_calls_by_outcome ON ONLY public.tool_calls USING btree (outcome, id DESC) WHERE (outcome <> 'ok'::text);


--
-- Name: tool_calls_by_run; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX tool_calls_by_run ON ONLY public.tool_calls USING btree (run_id, id);


--
-- Name: tool_calls_by_tool; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX tool_calls_by_tool ON ONLY public.tool_calls USING btree (tool, id DESC);


--
-- Name: tool_calls_refused; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX tool_calls_refused ON ONLY public.tool_calls USING btree (id DESC) WHERE (upstream_status >= 400);


--
-- Name: tool_calls_withheld; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX tool_calls_withheld ON ONLY public.tool_calls USING btree (id) WHERE (withheld > 0);


--
-- Name: transcripts_by_run; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX transcripts_by_run ON ONLY public.transcripts USING btree (run_id, seq);


--
-- Name: triage_by_batch; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX triage_by_batch ON public.triage USING btree (batch);


--
-- Name: triage_by_issue; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX triage_by_issue ON public.triage USING btree (issue, id DESC);


--
-- Name: users_by_name; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX users_by_name ON public.users USING btree (lower(name));


--
-- Name: verifications_by_run; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX verifications_by_run ON public.verifications USING btree (run_id);


--
-- Name: actions actions_figures; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER actions_figures AFTER INSERT OR UPDATE ON public.actions FOR EACH ROW WHEN ((new.id < public.uuid_floor(date_trunc('day'::text, now(), 'utc'::text)))) EXECUTE FUNCTION public.mark_figures_stale();


--
-- Name: actions actions_live; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER actions_live AFTER INSERT OR UPDATE ON public.actions FOR EACH ROW EXECUTE FUNCTION public.notify_live('calls');


--
-- Name: audit_log audit_log_append_only; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER audit_log_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.audit_log FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_audit_change();


--
-- Name: blocked_authors blocked_authors_live; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER blocked_authors_live AFTER INSERT OR UPDATE ON public.blocked_authors FOR EACH ROW EXECUTE FUNCTION public.notify_agent('blocked_authors');


--
-- Name: documents documents_live; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER documents_live AFTER INSERT OR UPDATE OF latest_id, approved_id, fault ON public.documents FOR EACH ROW EXECUTE FUNCTION public.notify_agent('documents');


--
-- Name: events events_tallied; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER events_tallied AFTER INSERT ON public.events REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION public.tally_events();


--
-- Name: exposures exposures_figures; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER exposures_figures AFTER INSERT ON public.exposures REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION public.mark_hits_stale();


--
-- Name: job_pauses job_pauses_live; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER job_pauses_live AFTER INSERT OR DELETE ON public.job_pauses FOR EACH ROW EXECUTE FUNCTION public.notify_jobs();


--
-- Name: moltbook_accounts moltbook_accounts_live; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER moltbook_accounts_live AFTER INSERT OR UPDATE OF state, suspended_until, failures_in_row, frozen_at, open_since ON public.moltbook_accounts FOR EACH ROW EXECUTE FUNCTION public.notify_agent('accounts');


--
-- Name: moltbook_features moltbook_features_live; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER moltbook_features_live AFTER INSERT OR UPDATE OF available ON public.moltbook_features FOR EACH ROW EXECUTE FUNCTION public.notify_agent('features');


--
-- Name: moltbook_message_requests moltbook_message_requests_live; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER moltbook_message_requests_live AFTER INSERT OR UPDATE OF state ON public.moltbook_message_requests FOR EACH ROW EXECUTE FUNCTION public.notify_agent('message_requests');


--
-- Name: oddities oddities_grown; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER oddities_grown AFTER UPDATE ON public.oddities REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION public.tally_oddities();


--
-- Name: oddities oddities_tallied; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER oddities_tallied AFTER INSERT ON public.oddities REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION public.tally_oddities();


--
-- Name: oddities oddities_tally_new; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER oddities_tally_new AFTER INSERT ON public.oddities REFERENCING NEW TABLE AS new_oddities FOR EACH STATEMENT EXECUTE FUNCTION public.tally_new_oddities();


--
-- Name: prompt_activations prompt_activations_live; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER prompt_activations_live AFTER INSERT OR UPDATE ON public.prompt_activations FOR EACH ROW EXECUTE FUNCTION public.notify_agent('prompts');


--
-- Name: prompt_proposals prompt_proposals_live; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER prompt_proposals_live AFTER INSERT OR UPDATE OF status ON public.prompt_proposals FOR EACH ROW EXECUTE FUNCTION public.notify_agent('proposals');


--
-- Name: runs runs_figures; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER runs_figures AFTER INSERT OR UPDATE ON public.runs FOR EACH ROW WHEN ((new.id < public.uuid_floor(date_trunc('day'::text, now(), 'utc'::text)))) EXECUTE FUNCTION public.mark_figures_stale();


--
-- Name: runs runs_live; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER runs_live AFTER INSERT OR UPDATE OF status, outcome ON public.runs FOR EACH ROW EXECUTE FUNCTION public.notify_live('runs');


--
-- Name: runs runs_tally_changed; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER runs_tally_changed AFTER UPDATE ON public.runs REFERENCING OLD TABLE AS old_runs NEW TABLE AS new_runs FOR EACH STATEMENT EXECUTE FUNCTION public.tally_changed_runs();


--
-- Name: runs runs_tally_new; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER runs_tally_new AFTER INSERT ON public.runs REFERENCING NEW TABLE AS new_runs FOR EACH STATEMENT EXECUTE FUNCTION public.tally_new_runs();


--
-- Name: schedule_slots schedule_slots_live; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER schedule_slots_live AFTER INSERT OR UPDATE ON public.schedule_slots FOR EACH ROW EXECUTE FUNCTION public.notify_jobs();


--
-- Name: tool_calls tool_calls_figures; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER tool_calls_figures AFTER INSERT OR UPDATE ON public.tool_calls FOR EACH ROW WHEN ((new.id < public.uuid_floor(date_trunc('day'::text, now(), 'utc'::text)))) EXECUTE FUNCTION public.mark_figures_stale();


--
-- Name: tool_calls tool_calls_live; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER tool_calls_live AFTER INSERT OR UPDATE ON public.tool_calls FOR EACH ROW EXECUTE FUNCTION public.notify_live('calls');


--
-- Name: tool_calls tool_calls_tallied; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER tool_calls_tallied AFTER INSERT ON public.tool_calls REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION public.tally_tools();


--
-- Name: triage triage_live; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER triage_live AFTER INSERT ON public.triage FOR EACH STATEMENT EXECUTE FUNCTION public.notify_triage();


--
-- Name: actions actions_agent_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.actions
    ADD CONSTRAINT actions_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES public.agents(id);


--
-- Name: actions actions_run_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.actions
    ADD CONSTRAINT actions_run_id_fkey FOREIGN KEY (run_id) REFERENCES public.runs(id);


--
-- Name: blocked_authors blocked_authors_agent_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.blocked_authors
    ADD CONSTRAINT blocked_authors_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES public.agents(id);


--
-- Name: canaries canaries_agent_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.canaries
    ADD CONSTRAINT canaries_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES public.agents(id);


--
-- Name: canaries canaries_run_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.canaries
    ADD CONSTRAINT canaries_run_id_fkey FOREIGN KEY (run_id) REFERENCES public.runs(id);


--
-- Name: claims claims_agent_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.claims
    ADD CONSTRAINT claims_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES public.agents(id);


--
-- Name: claims claims_run_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.claims
    ADD CONSTRAINT claims_run_id_fkey FOREIGN KEY (run_id) REFERENCES public.runs(id);


--
-- Name: daily_figures daily_figures_agent_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.daily_figures
    ADD CONSTRAINT daily_figures_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES public.agents(id);


--
-- Name: daily_hits daily_hits_agent_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.daily_hits
    ADD CONSTRAINT daily_hits_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES public.agents(id);


--
-- Name: document_decisions document_decisions_version_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.document_decisions
    ADD CONSTRAINT document_decisions_version_id_fkey FOREIGN KEY (version_id) REFERENCES public.document_versions(id);


--
-- Name: document_versions document_versions_agent_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.document_versions
    ADD CONSTRAINT document_versions_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES public.agents(id);


--
-- Name: documents documents_agent_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.documents
    ADD CONSTRAINT documents_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES public.agents(id);


--
-- Name: documents documents_approved_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.documents
    ADD CONSTRAINT documents_approved_id_fkey FOREIGN KEY (approved_id) REFERENCES public.document_versions(id);


--
-- Name: documents documents_latest_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.documents
    ADD CONSTRAINT documents_latest_id_fkey FOREIGN KEY (latest_id) REFERENCES public.document_versions(id);


--
-- Name: events events_run_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE public.events
    ADD CONSTRAINT events_run_id_fkey FOREIGN KEY (run_id) REFERENCES public.runs(id);


--
-- Name: moltbook_accounts moltbook_accounts_agent_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.moltbook_accounts
    ADD CONSTRAINT moltbook_accounts_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES public.agents(id);


--
-- Name: moltbook_budgets moltbook_budgets_agent_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.moltbook_budgets
    ADD CONSTRAINT moltbook_budgets_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES public.agents(id);


--
-- Name: moltbook_features moltbook_features_agent_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.moltbook_features
    ADD CONSTRAINT moltbook_features_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES public.agents(id);


--
-- Name: moltbook_intents moltbook_intents_agent_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.moltbook_intents
    ADD CONSTRAINT moltbook_intents_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES public.agents(id);


--
-- Name: moltbook_intents moltbook_intents_run_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.moltbook_intents
    ADD CONSTRAINT moltbook_intents_run_id_fkey FOREIGN KEY (run_id) REFERENCES public.runs(id);


--
-- Name: moltbook_message_requests moltbook_message_requests_agent_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.moltbook_message_requests
    ADD CONSTRAINT moltbook_message_requests_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES public.agents(id);


--
-- Name: moltbook_writings moltbook_writings_agent_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.moltbook_writings
    ADD CONSTRAINT moltbook_writings_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES public.agents(id);


--
-- Name: moltbook_writings moltbook_writings_run_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.moltbook_writings
    ADD CONSTRAINT moltbook_writings_run_id_fkey FOREIGN KEY (run_id) REFERENCES public.runs(id);


--
-- Name: oddities oddities_agent_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.oddities
    ADD CONSTRAINT oddities_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES public.agents(id);


--
-- Name: oddities oddities_run_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.oddities
    ADD CONSTRAINT oddities_run_id_fkey FOREIGN KEY (run_id) REFERENCES public.runs(id);


--
-- Name: prompt_activations prompt_activations_agent_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.prompt_activations
    ADD CONSTRAINT prompt_activations_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES public.agents(id);


--
-- Name: prompt_activations prompt_activations_version_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.prompt_activations
    ADD CONSTRAINT prompt_activations_version_id_fkey FOREIGN KEY (version_id) REFERENCES public.prompt_versions(id);


--
-- Name: prompt_figures prompt_figures_version_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.prompt_figures
    ADD CONSTRAINT prompt_figures_version_id_fkey FOREIGN KEY (version_id) REFERENCES public.prompt_versions(id);


--
-- Name: prompt_proposals prompt_proposals_agent_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.prompt_proposals
    ADD CONSTRAINT prompt_proposals_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES public.agents(id);


--
-- Name: prompt_proposals prompt_proposals_parent_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.prompt_proposals
    ADD CONSTRAINT prompt_proposals_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES public.prompt_versions(id);


--
-- Name: prompt_proposals prompt_proposals_run_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.prompt_proposals
    ADD CONSTRAINT prompt_proposals_run_id_fkey FOREIGN KEY (run_id) REFERENCES public.runs(id);


--
-- Name: prompt_proposals prompt_proposals_version_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.prompt_proposals
    ADD CONSTRAINT prompt_proposals_version_id_fkey FOREIGN KEY (version_id) REFERENCES public.prompt_versions(id);


--
-- Name: prompt_versions prompt_versions_agent_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.prompt_versions
    ADD CONSTRAINT prompt_versions_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES public.agents(id);


--
-- Name: prompt_versions prompt_versions_parent_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.prompt_versions
    ADD CONSTRAINT prompt_versions_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES public.prompt_versions(id);


--
-- Name: run_tokens run_tokens_agent_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.run_tokens
    ADD CONSTRAINT run_tokens_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES public.agents(id);


--
-- Name: run_tokens run_tokens_run_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.run_tokens
    ADD CONSTRAINT run_tokens_run_id_fkey FOREIGN KEY (run_id) REFERENCES public.runs(id);


--
-- Name: runs runs_agent_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.runs
    ADD CONSTRAINT runs_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES public.agents(id);


--
-- Name: runs runs_prompt_version_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.runs
    ADD CONSTRAINT runs_prompt_version_id_fkey FOREIGN KEY (prompt_version_id) REFERENCES public.prompt_versions(id);


--
-- Name: sessions sessions_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);


--
-- Name: sign_in_links sign_in_links_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.sign_in_links
    ADD CONSTRAINT sign_in_links_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);


--
-- Name: tool_calls tool_calls_agent_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE public.tool_calls
    ADD CONSTRAINT tool_calls_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES public.agents(id);


--
-- Name: tool_calls tool_calls_run_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE public.tool_calls
    ADD CONSTRAINT tool_calls_run_id_fkey FOREIGN KEY (run_id) REFERENCES public.runs(id);


--
-- Name: transcripts transcripts_agent_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE public.transcripts
    ADD CONSTRAINT transcripts_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES public.agents(id);


--
-- Name: transcripts transcripts_run_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE public.transcripts
    ADD CONSTRAINT transcripts_run_id_fkey FOREIGN KEY (run_id) REFERENCES public.runs(id);


--
-- Name: triage triage_agent_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.triage
    ADD CONSTRAINT triage_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES public.agents(id);


--
-- Name: verifications verifications_agent_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.verifications
    ADD CONSTRAINT verifications_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES public.agents(id);


--
-- Name: verifications verifications_run_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.verifications
    ADD CONSTRAINT verifications_run_id_fkey FOREIGN KEY (run_id) REFERENCES public.runs(id);


--
-- PostgreSQL database dump complete
--

\unrestrict dbmate


--
-- Dbmate schema migrations
--

INSERT INTO public.schema_migrations (version) VALUES
    ('20261123100000'),
    ('20261123100100'),
    ('20261123100200'),
    ('20261123100300'),
    ('20261125090000'),
    ('20261125091000'),
    ('20261125092000'),
    ('20261125093000'),
    ('20261125094000'),
    ('20261125095000'),
    ('20261125095100'),
    ('20261125096000'),
    ('20261125097000'),
    ('20261125098000'),
    ('20261125099000'),
    ('20261125100000'),
    ('20261125100100'),
    ('20261125100200'),
    ('20261125102000'),
    ('20261125102100'),
    ('20261125103000'),
    ('20261125104000'),
    ('20261125105000'),
    ('20261125105100'),
    ('20261125106000'),
    ('20261125106100'),
    ('20261125107000'),
    ('20261125107100'),
    ('20261125108000'),
    ('20261125109000'),
    ('20261125111000'),
    ('20261125112000'),
    ('20261125113000'),
    ('20261125114000'),
    ('20261125117000'),
    ('20261125118000'),
    ('20261125118100'),
    ('20261125118200');
