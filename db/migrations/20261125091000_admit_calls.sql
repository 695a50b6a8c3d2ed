-- migrate:up

-- Lets one call to Moltbook through, or says why not and for how many seconds: the account first (suspended, frozen, the breaker open), then
-- every limit that the call counts against. All of them or none: a call that is refused has used nothing up. `wanted` lists
-- {"class", "windows": [{"most", "seconds"}], "young": [the same, for accounts in their first day]}, and `under` is the mode that Moltbook
-- itself sees: a dry run counts apart, but on top of what was really sent. A write lands some time after it was let through, so its slot is
-- held `hold` seconds into the future until `moltbook_settle` says when it ended.
create function moltbook_admit(agent uuid, in_mode text, under text, wanted jsonb, hold int, creates boolean)
returns table (stamp timestamptz, refusal text, class text, seconds int, trouble boolean)
language plpgsql as $$
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

-- One process at a time tries whether the account or Moltbook is back: true for the one that may.
create function moltbook_may_probe(agent uuid, under text, at timestamptz) returns boolean
language sql as $$
  with probe as (
    update moltbook_accounts set probed_at = at
    where agent_id = agent and mode = under and (probed_at is null or probed_at < at - interval '45 seconds') returning 1
  )
  select exists (select from probe)
$$;

-- What became of a slot: used at the moment of this call, or given back where nothing was sent.
create function moltbook_settle(agent uuid, in_mode text, classes text[], stamp timestamptz, was_sent boolean) returns void
language sql as $$
  update moltbook_budgets
  set spent = case when was_sent then array_replace(spent, stamp, clock_timestamp()) else array_remove(spent, stamp) end
  where agent_id = agent and mode = in_mode and class = any(classes)
$$;

alter table moltbook_budgets drop constraint moltbook_budgets_remaining_check;
alter table verifications drop constraint verifications_target_kind_check;
alter table verifications add constraint verifications_target_kind_check check (target_kind in ('post', 'comment', 'submolt', 'message'));
create index moltbook_writings_by_text on moltbook_writings (agent_id, text_hash);

-- migrate:down
update moltbook_budgets set remaining = greatest(remaining, 0);
alter table moltbook_budgets add constraint moltbook_budgets_remaining_check check (remaining >= 0);
drop index moltbook_writings_by_text;
delete from verifications where target_kind = 'message';
alter table verifications drop constraint verifications_target_kind_check;
alter table verifications add constraint verifications_target_kind_check check (target_kind in ('post', 'comment', 'submolt'));
drop function moltbook_settle, moltbook_may_probe, moltbook_admit;
