-- migrate:up

-- Jobs that the operator has paused: the schedule goes on firing, and finds them paused. The audit chain keeps what is deleted here.
create table job_pauses (
  job text primary key check (length(job) between 1 and 100),
  reason text not null check (length(reason) between 1 and 500),
  paused_by text not null,
  paused_at timestamptz not null default now()
);
grant select, insert, delete on job_pauses to moltbot_app;

-- Who asked for it, where it was not the clock.
alter table schedule_slots add asked_by text;

create function notify_jobs() returns trigger language plpgsql as $$
begin
  perform pg_notify('live', '{"table":"jobs","run_id":null}');
  return null;
end
$$;
create trigger schedule_slots_live after insert or update on schedule_slots for each row execute function notify_jobs();
create trigger job_pauses_live after insert or delete on job_pauses for each row execute function notify_jobs();

-- migrate:down
drop trigger schedule_slots_live on schedule_slots;
drop table job_pauses;
drop function notify_jobs;
alter table schedule_slots drop asked_by;
