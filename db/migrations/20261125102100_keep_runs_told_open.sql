-- migrate:up

-- Who recorded a run from outside may not know when it ended.
alter table runs drop constraint runs_check1;
alter table runs add constraint runs_check1
  check (case when status in ('queued', 'running', 'stopping') then finished_at is null else finished_at is not null or kind = 'claimed' end);

-- What was told of a run is told again in parts: its output, its actions, or both. What the server witnessed is out of this function's reach.
drop function forget_told;
create function forget_told(told_run uuid, with_transcript boolean, with_actions boolean) returns void
  language plpgsql security definer set search_path to 'public', 'pg_temp' as $$
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
revoke execute on function forget_told from public;
grant execute on function forget_told to moltbot_app;

-- migrate:down
drop function forget_told;
create function forget_told(told_run uuid, with_transcript boolean) returns void
  language plpgsql security definer set search_path to 'public', 'pg_temp' as $$
begin
  if not exists (select from runs r where r.id = told_run and r.kind = 'claimed') then
    raise exception 'only a claimed run can be recorded again';
  end if;
  delete from actions a where a.run_id = told_run and a.source = 'claimed';
  if with_transcript then
    delete from transcripts t where t.run_id = told_run and t.id >= run_floor(told_run);
  end if;
end
$$;
revoke execute on function forget_told from public;
grant execute on function forget_told to moltbot_app;
update runs set finished_at = coalesce(started_at, created_at) where kind = 'claimed' and finished_at is null and status not in ('queued', 'running', 'stopping');
alter table runs drop constraint runs_check1;
alter table runs add constraint runs_check1 check ((status in ('queued', 'running', 'stopping')) = (finished_at is null));
