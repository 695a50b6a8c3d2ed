-- migrate:up

-- A page of posts is more than a hundred rows, and each looked up what cannot be missing: they take agent and run from their call's own row, in
-- the statement that completes it, or from a run's token, and no agent or run is ever deleted.
alter table exposures drop constraint exposures_agent_id_fkey;
alter table exposures drop constraint exposures_run_id_fkey;
alter table filter_inputs drop constraint filter_inputs_agent_id_fkey;
alter table moltbook_memory drop constraint moltbook_memory_agent_id_fkey;

-- The same check without a regular expression, which was the dearest part of an insert.
alter table exposures drop constraint exposures_content_hash_check;
alter table exposures add constraint exposures_content_hash_check
  check (octet_length(decode(content_hash, 'hex')) = 32 and content_hash = lower(content_hash));
alter table filter_inputs drop constraint filter_inputs_content_hash_check;
alter table filter_inputs add constraint filter_inputs_content_hash_check
  check (octet_length(decode(content_hash, 'hex')) = 32 and content_hash = lower(content_hash));

-- A result is written once and seldom read: compressing it took longer than writing it.
alter table tool_calls alter column result set storage external;

-- The columns alone: to_jsonb(new) wrote out the whole row, a call's result included.
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

-- What a call did is told together with the call: two equal notifications of one transaction are one.
drop trigger actions_live on actions;
create trigger actions_live after insert or update on actions for each row execute function notify_live('calls');

-- migrate:down
drop trigger actions_live on actions;
create trigger actions_live after insert or update on actions for each row execute function notify_live('actions');
create or replace function notify_live() returns trigger
language plpgsql as $$
begin
  perform pg_notify('live', json_build_object('table', tg_argv[0], 'run_id', case when tg_argv[0] = 'runs' then to_jsonb(new) ->> 'id' else to_jsonb(new) ->> 'run_id' end)::text);
  return null;
end
$$;
alter table tool_calls alter column result set storage extended;
alter table filter_inputs drop constraint filter_inputs_content_hash_check;
alter table filter_inputs add constraint filter_inputs_content_hash_check check (content_hash ~ '^[0-9a-f]{64}$');
alter table exposures drop constraint exposures_content_hash_check;
alter table exposures add constraint exposures_content_hash_check check (content_hash ~ '^[0-9a-f]{64}$');
alter table moltbook_memory add constraint moltbook_memory_agent_id_fkey foreign key (agent_id) references agents (id);
alter table filter_inputs add constraint filter_inputs_agent_id_fkey foreign key (agent_id) references agents (id);
alter table exposures add constraint exposures_run_id_fkey foreign key (run_id) references runs (id);
alter table exposures add constraint exposures_agent_id_fkey foreign key (agent_id) references agents (id);
