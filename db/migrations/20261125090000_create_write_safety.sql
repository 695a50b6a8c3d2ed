-- migrate:up

-- What an agent's account on Moltbook is like, and whether Moltbook can be reached: shared by all processes, so that none of them goes on
-- where another has been told to stop. Dry runs have no row of their own: they read under the account of the mode beneath them.
create table moltbook_accounts (
  agent_id uuid not null references agents (id),
  mode text not null check (mode in ('real', 'sandbox')),
  name text check (length(name) <= 200),
  state text not null default 'unknown'
    check (state in ('unknown', 'ok', 'unclaimed', 'key_refused', 'wrong_host', 'forbidden', 'captcha', 'suspended')),
  detail text check (length(detail) <= 1000),
  -- Accounts younger than a day have tighter limits.
  registered_at timestamptz,
  suspended_until timestamptz,
  -- Verification challenges failed or left unanswered, one after the other; ten suspend the account.
  failures_in_row int not null default 0 check (failures_in_row >= 0),
  -- Writes that create content are refused from here until the operator resumes them.
  frozen_at timestamptz,
  -- The circuit breaker: recent faults of the upstream, since when it is open, and when somebody last tried whether it is back.
  faults timestamptz[] not null default '{}',
  open_since timestamptz,
  probed_at timestamptz,
  checked_at timestamptz,
  primary key (agent_id, mode),
  check ((state = 'suspended') = (suspended_until is not null))
);

-- When a class of calls was used, newest last, as far back as its longest limit looks.
alter table moltbook_budgets add column spent timestamptz[] not null default '{}';

-- What a write is meant to do, once for each run: the same tool with the same arguments is answered with what came of the first.
create table moltbook_intents (
  run_id uuid not null references runs (id),
  intent bytea not null check (octet_length(intent) = 32),
  agent_id uuid not null references agents (id),
  mode text not null check (mode in ('real', 'dry_run', 'sandbox')),
  call_id uuid not null,
  tool text not null,
  -- What it changes, such as "vote post:ID": a later intent on the same subject makes this one repeatable again.
  subject text,
  arguments jsonb not null,
  state text not null default 'sending' check (state in ('sending', 'done', 'unknown', 'gave_up')),
  answer jsonb,
  created_at timestamptz not null default now(),
  settled_at timestamptz,
  checks int not null default 0,
  next_check_at timestamptz,
  primary key (run_id, intent),
  check ((state = 'done') = (answer is not null))
);
create index moltbook_intents_by_subject on moltbook_intents (run_id, subject) where subject is not null;
create index moltbook_intents_unsettled on moltbook_intents (agent_id, next_check_at) where state in ('sending', 'unknown');

-- What the agent wrote itself, for refusing what is nearly the same again, and for following it until others can see it. The sketch is a
-- MinHash of the text's word triples.
create table moltbook_writings (
  id uuid primary key,
  agent_id uuid not null references agents (id),
  run_id uuid not null references runs (id),
  call_id uuid not null,
  mode text not null check (mode in ('real', 'dry_run', 'sandbox')),
  kind text not null check (kind in ('post', 'comment', 'submolt', 'message')),
  place text not null,
  item_id text,
  title text check (length(title) <= 300),
  content text check (length(content) <= 40000),
  text_hash bytea not null check (octet_length(text_hash) = 32),
  sketch int[] not null,
  state text not null check (state in ('sending', 'unknown', 'pending', 'published', 'visible', 'hidden', 'dead')),
  published_at timestamptz,
  checks int not null default 0,
  next_check_at timestamptz
);
create unique index moltbook_writings_by_call on moltbook_writings (call_id);
create index moltbook_writings_by_agent on moltbook_writings (agent_id, mode, id desc);
create index moltbook_writings_unsettled on moltbook_writings (agent_id, next_check_at) where state in ('pending', 'published');

-- Requests of other agents to talk in private: shown to the operator, who alone decides.
create table moltbook_message_requests (
  agent_id uuid not null references agents (id),
  mode text not null check (mode in ('real', 'sandbox')),
  conversation_id text not null,
  from_agent text check (length(from_agent) <= 200),
  preview text check (length(preview) <= 1000),
  state text not null default 'open' check (state in ('open', 'approved', 'rejected', 'blocked', 'gone')),
  requested_at timestamptz,
  first_seen_at timestamptz not null default now(),
  decided_at timestamptz,
  decided_by text,
  primary key (agent_id, mode, conversation_id),
  check ((state in ('open', 'gone')) or (decided_at is not null and decided_by is not null))
);

-- Which of Moltbook's functions exist at present: some come and go.
create table moltbook_features (
  agent_id uuid not null references agents (id),
  mode text not null check (mode in ('real', 'sandbox')),
  feature text not null check (feature in ('home', 'notifications', 'messages', 'search', 'labels', 'moderation', 'verify', 'owner_email')),
  available boolean not null,
  checked_at timestamptz not null default now(),
  primary key (agent_id, mode, feature)
);

alter table tool_calls add column trace_parent text check (length(trace_parent) <= 100);

alter table actions drop constraint actions_type_check;
alter table actions add constraint actions_type_check check (type in ('browsed', 'upvoted', 'downvoted', 'unvoted', 'commented', 'replied', 'posted',
  'subscribed', 'unsubscribed', 'welcomed', 'checked_status', 'checked_submolts', 'followed', 'unfollowed', 'deleted', 'searched', 'verified',
  'registered', 'proposed_identity', 'updated_profile', 'created_submolt', 'updated_submolt', 'pinned', 'unpinned', 'reported', 'messaged',
  'read_messages', 'marked_read', 'set_up_owner_email'));
alter table actions drop constraint actions_target_kind_check;
alter table actions add constraint actions_target_kind_check
  check (target_kind in ('post', 'comment', 'agent', 'submolt', 'prompt', 'account', 'conversation'));

-- Pages that show the account follow it live, and every process tells its MCP clients when their tools or prompts have changed.
create function notify_agent() returns trigger
language plpgsql as $$
begin
  perform pg_notify('live', json_build_object('table', tg_argv[0], 'run_id', null, 'agent_id', to_jsonb(new) ->> 'agent_id')::text);
  return null;
end
$$;
create trigger moltbook_features_live after insert or update of available on moltbook_features for each row execute function notify_agent('features');
create trigger prompt_activations_live after insert or update on prompt_activations for each row execute function notify_agent('prompts');
create trigger moltbook_accounts_live after insert or update of state, suspended_until, failures_in_row, frozen_at, open_since on moltbook_accounts
  for each row execute function notify_agent('accounts');
create trigger moltbook_message_requests_live after insert or update of state on moltbook_message_requests
  for each row execute function notify_agent('message_requests');

grant select, insert, update on moltbook_accounts, moltbook_writings, moltbook_message_requests, moltbook_features to moltbot_app;
grant select, insert, update, delete on moltbook_intents to moltbot_app;
grant delete on moltbook_writings, moltbook_budgets, moltbook_memory to moltbot_app;

-- migrate:down
revoke delete on moltbook_budgets, moltbook_memory from moltbot_app;
drop trigger prompt_activations_live on prompt_activations;
drop table moltbook_features, moltbook_message_requests, moltbook_writings, moltbook_intents, moltbook_accounts;
drop function notify_agent;
alter table moltbook_budgets drop column spent;
alter table tool_calls drop column trace_parent;
delete from actions where type in ('unvoted', 'unsubscribed', 'unfollowed', 'updated_profile', 'created_submolt', 'updated_submolt', 'pinned',
  'unpinned', 'reported', 'messaged', 'read_messages', 'marked_read', 'set_up_owner_email') or target_kind = 'conversation';
alter table actions drop constraint actions_type_check;
alter table actions add constraint actions_type_check check (type in ('browsed', 'upvoted', 'downvoted', 'commented', 'replied', 'posted', 'subscribed',
  'welcomed', 'checked_status', 'checked_submolts', 'followed', 'deleted', 'searched', 'verified', 'registered', 'proposed_identity'));
alter table actions drop constraint actions_target_kind_check;
alter table actions add constraint actions_target_kind_check check (target_kind in ('post', 'comment', 'agent', 'submolt', 'prompt', 'account'));
