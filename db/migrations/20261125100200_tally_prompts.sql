-- migrate:up

-- What the runs of a version came to, counted as they happen: a page must not take longer the longer an agent lives. Skipped runs do not count,
-- and what is deleted later has happened all the same.
create table prompt_figures (
  version_id uuid not null references prompt_versions (id),
  mode text not null check (mode in ('real', 'dry_run', 'sandbox')),
  runs int not null default 0,
  cost_usd numeric(14, 6) not null default 0,
  oddities int not null default 0,
  primary key (version_id, mode)
);
grant select on prompt_figures to moltbot_app;

-- For whole statements, so that a million rows at once are counted once.
create function tally_new_runs() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into prompt_figures as f (version_id, mode, runs, cost_usd)
  select prompt_version_id, mode, count(*), coalesce(sum(cost_usd), 0) from new_runs
  where prompt_version_id is not null and status <> 'skipped' group by 1, 2 order by 1, 2
  on conflict (version_id, mode) do update set runs = f.runs + excluded.runs, cost_usd = f.cost_usd + excluded.cost_usd;
  return null;
end
$$;
create function tally_changed_runs() returns trigger
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
create function tally_new_oddities() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into prompt_figures as f (version_id, mode, oddities)
  select r.prompt_version_id, r.mode, count(*) from new_oddities o join runs r on r.id = o.run_id
  where r.prompt_version_id is not null group by 1, 2 order by 1, 2
  on conflict (version_id, mode) do update set oddities = f.oddities + excluded.oddities;
  return null;
end
$$;
create trigger runs_tally_new after insert on runs referencing new table as new_runs
  for each statement execute function tally_new_runs();
create trigger runs_tally_changed after update on runs referencing old table as old_runs new table as new_runs
  for each statement execute function tally_changed_runs();
create trigger oddities_tally_new after insert on oddities referencing new table as new_oddities
  for each statement execute function tally_new_oddities();

insert into prompt_figures (version_id, mode, runs, cost_usd, oddities)
select r.prompt_version_id, r.mode, count(*) filter (where r.status <> 'skipped'),
  coalesce(sum(r.cost_usd) filter (where r.status <> 'skipped'), 0), coalesce(sum(o.n), 0)
from runs r left join (select run_id, count(*) as n from oddities group by run_id) o on o.run_id = r.id
where r.prompt_version_id is not null group by 1, 2;

-- migrate:down
drop trigger oddities_tally_new on oddities;
drop trigger runs_tally_changed on runs;
drop trigger runs_tally_new on runs;
drop function tally_new_oddities, tally_changed_runs, tally_new_runs;
drop table prompt_figures;
