-- migrate:up

-- Triggers run after the statement that appended to the audit chain, and whoever holds the chain must wait for no row. So what they count and mark is
-- appended, as the tallies of issues are: nobody ever waits for anybody else's.

-- A day stands here once for each transaction that marked it. What a count did not see marked, it did not count either, and it does not take it away.
alter table stale_figures drop constraint stale_figures_pkey;
alter table stale_figures alter column day set not null;
create index stale_figures_by_day on stale_figures (day);
create or replace function mark_figures_stale() returns trigger
language plpgsql as $$
begin
  insert into stale_figures
  select marked from (select (uuid_time(new.id) at time zone 'utc')::date as marked) d
  where not exists (select from stale_figures where day = marked and xmin = pg_current_xact_id()::xid);
  return null;
end
$$;

-- The figures of a version are the sums of its rows, which are added up with the other tallies.
alter table prompt_figures drop constraint prompt_figures_pkey;
alter table prompt_figures alter column version_id set not null, alter column mode set not null;
create index prompt_figures_by_version on prompt_figures (version_id, mode);
create or replace function tally_new_runs() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into prompt_figures (version_id, mode, runs, cost_usd)
  select prompt_version_id, mode, count(*), coalesce(sum(cost_usd), 0) from new_runs
  where prompt_version_id is not null and status <> 'skipped' group by 1, 2;
  return null;
end
$$;
create or replace function tally_changed_runs() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
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
create or replace function tally_new_oddities() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into prompt_figures (version_id, mode, oddities)
  select r.prompt_version_id, r.mode, count(*) from new_oddities o join runs r on r.id = o.run_id
  where r.prompt_version_id is not null group by 1, 2;
  return null;
end
$$;
create or replace function compact_tallies() returns int language sql security definer set search_path = public, pg_temp as $$
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

-- migrate:down
create or replace function compact_tallies() returns int language sql security definer set search_path = public, pg_temp as $$
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
create or replace function tally_new_runs() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into prompt_figures as f (version_id, mode, runs, cost_usd)
  select prompt_version_id, mode, count(*), coalesce(sum(cost_usd), 0) from new_runs
  where prompt_version_id is not null and status <> 'skipped' group by 1, 2 order by 1, 2
  on conflict (version_id, mode) do update set runs = f.runs + excluded.runs, cost_usd = f.cost_usd + excluded.cost_usd;
  return null;
end
$$;
create or replace function tally_changed_runs() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into prompt_figures as f (version_id, mode, runs, cost_usd)
  select prompt_version_id, mode, sum(runs), sum(cost) from (
    select prompt_version_id, mode, status, 1 as runs, coalesce(cost_usd, 0) as cost from new_runs
    union all
    select prompt_version_id, mode, status, -1, -coalesce(cost_usd, 0) from old_runs
  ) change
  where prompt_version_id is not null and status <> 'skipped' group by 1, 2 having sum(runs) <> 0 or sum(cost) <> 0 order by 1, 2
  on conflict (version_id, mode) do update set runs = f.runs + excluded.runs, cost_usd = f.cost_usd + excluded.cost_usd;
  return null;
end
$$;
create or replace function tally_new_oddities() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into prompt_figures as f (version_id, mode, oddities)
  select r.prompt_version_id, r.mode, count(*) from new_oddities o join runs r on r.id = o.run_id
  where r.prompt_version_id is not null group by 1, 2 order by 1, 2
  on conflict (version_id, mode) do update set oddities = f.oddities + excluded.oddities;
  return null;
end
$$;
with gone as (
  delete from prompt_figures returning *
)
insert into prompt_figures (version_id, mode, runs, cost_usd, oddities)
select version_id, mode, sum(runs), sum(cost_usd), sum(oddities) from gone group by version_id, mode;
drop index prompt_figures_by_version;
alter table prompt_figures add primary key (version_id, mode);
create or replace function mark_figures_stale() returns trigger
language plpgsql as $$
begin
  insert into stale_figures values ((uuid_time(new.id) at time zone 'utc')::date) on conflict do nothing;
  return null;
end
$$;
create table days_marked as select distinct day from stale_figures;
delete from stale_figures;
insert into stale_figures select day from days_marked;
drop table days_marked;
drop index stale_figures_by_day;
alter table stale_figures add primary key (day);
