-- migrate:up

-- What a run recorded from outside is called where it ran, and what its recorder knew of it. `output_sha256`: of the output last recorded.
alter table runs
  add column external_id text check (length(external_id) between 1 and 200),
  add column script_variant text check (length(script_variant) <= 100),
  add column run_number int,
  add column output_sha256 text check (output_sha256 ~ '^[0-9a-f]{64}$');
create unique index runs_by_external_id on runs (external_id, agent_id);

-- What an agent said at the end of a run that it had done, against the record of that run; and (`unreported`) what it did and did not say.
create table claims (
  id uuid primary key,
  agent_id uuid not null references agents (id),
  run_id uuid not null references runs (id),
  mode text not null check (mode in ('real', 'dry_run', 'sandbox')),
  seq int not null check (seq >= 0),
  type text not null check (type ~ '^[a-z_]+$'),
  status text not null check (status in ('confirmed', 'unconfirmed', 'contradicted', 'unreported')),
  -- The agent's words, redacted; empty for what it did not say.
  text text not null check (length(text) <= 300),
  -- The actions on record that were held against it.
  action_ids uuid[] not null default '{}',
  evidence jsonb not null default '{}',
  unique (run_id, seq)
);
grant select, insert on claims to moltbot_app;

-- A run that was only told of is told of again as a whole. What the server witnessed is out of this function's reach.
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

-- migrate:down
drop function forget_told;
drop table claims;
drop index runs_by_external_id;
alter table runs drop column output_sha256, drop column run_number, drop column script_variant, drop column external_id;
