-- migrate:up

-- How many texts each rule hit on days that are over, so that hits of a month need not be counted again from every text. A day is one in UTC, by the
-- time in the text's id, and its mode is that of the run that read it. Counted together with `daily_figures`, and marked by the same marks.
create table daily_hits (
  mode text not null check (mode in ('real', 'dry_run', 'sandbox')),
  agent_id uuid not null references agents (id),
  day date not null,
  rule text collate "C" not null,
  hits int not null,
  primary key (mode, agent_id, day, rule)
);
insert into daily_hits (mode, agent_id, day, rule, hits)
select r.mode, e.agent_id, e.day, rule, count(*)
from (select agent_id, run_id, (uuid_time(id) at time zone 'utc')::date as day, rules from exposures where rules <> '{}') e
join runs r on r.id = e.run_id cross join unnest(e.rules) rule
where e.day <= (select max(day) from daily_figures) group by r.mode, e.agent_id, e.day, rule;

-- For all texts of a call at once: a look at each by itself costs more than the rest of its record where many are hit.
create function mark_hits_stale() returns trigger
language plpgsql as $$
begin
  insert into stale_figures
  select distinct (uuid_time(id) at time zone 'utc')::date from added
  where id < (select uuid_floor(date_trunc('day', now(), 'utc'))) and rules <> '{}';
  return null;
end
$$;
create trigger exposures_figures after insert on exposures referencing new table as added for each statement execute function mark_hits_stale();

grant select, insert, update on daily_hits to moltbot_app;

-- migrate:down
drop trigger exposures_figures on exposures;
drop function mark_hits_stale;
drop table daily_hits;
