-- migrate:up

-- Figures of days that are over, so that a total need not count every call again. A day is a day in UTC, by the time in a row's id. Nothing is
-- here of days without records, nor of today, which is counted when it is asked for. Retention drops records and keeps their figures.
-- `seconds` is what the `timed` runs took: those that succeeded, or were told of from outside.
create table daily_figures (
  day date not null,
  mode text not null check (mode in ('real', 'dry_run', 'sandbox')),
  agent_id uuid not null references agents (id),
  runs int not null,
  succeeded int not null,
  failed int not null,
  cost_usd numeric not null,
  timed int not null,
  seconds numeric not null,
  last_run_at timestamptz,
  actions int not null,
  upvotes int not null,
  comments int not null,
  posts int not null,
  subscriptions int not null,
  calls int not null,
  withheld int not null,
  primary key (mode, day, agent_id)
);

-- Days that are over and of which a record came or changed since: whoever asks for figures counts these afresh.
create table stale_figures (day date primary key);
insert into stale_figures
select distinct (uuid_time(id) at time zone 'utc')::date from (select id from runs union all select id from actions union all select id from tool_calls) r;

create function mark_figures_stale() returns trigger
language plpgsql as $$
begin
  insert into stale_figures values ((uuid_time(new.id) at time zone 'utc')::date) on conflict do nothing;
  return null;
end
$$;

-- A record of today costs a comparison only.
create trigger runs_figures after insert or update on runs for each row
  when (new.id < uuid_floor(date_trunc('day', now(), 'utc'))) execute function mark_figures_stale();
create trigger actions_figures after insert or update on actions for each row
  when (new.id < uuid_floor(date_trunc('day', now(), 'utc'))) execute function mark_figures_stale();
create trigger tool_calls_figures after insert or update on tool_calls for each row
  when (new.id < uuid_floor(date_trunc('day', now(), 'utc'))) execute function mark_figures_stale();

grant select, insert, update on daily_figures to moltbot_app;
grant select, insert, delete on stale_figures to moltbot_app;

-- migrate:down
drop trigger tool_calls_figures on tool_calls;
drop trigger actions_figures on actions;
drop trigger runs_figures on runs;
drop function mark_figures_stale;
drop table stale_figures, daily_figures;
