-- migrate:up

-- What was checked when an agent proposed a change, which version came of it, and when the agent was told.
alter table prompt_proposals add column evidence jsonb not null default '[]';
alter table prompt_proposals add column version_id uuid references prompt_versions (id);
alter table prompt_proposals add column told_at timestamptz;
-- What was decided before agents were told is no news.
update prompt_proposals set told_at = now() where decided_at is not null;
-- A proposal is decided, never rewritten; an activation ends, and nothing else of it changes.
revoke update on prompt_proposals, prompt_activations from moltbot_app;
grant update (status, decided_at, decided_by, decision_reason, version_id, told_at) on prompt_proposals to moltbot_app;
grant update (deactivated_at) on prompt_activations to moltbot_app;
create trigger prompt_proposals_live after insert or update of status on prompt_proposals for each row execute function notify_agent('proposals');

-- Lists go by the id.
create index prompt_versions_by_agent on prompt_versions (agent_id, id desc);
create index prompt_activations_by_agent on prompt_activations (agent_id, id desc);
create index prompt_proposals_by_agent on prompt_proposals (agent_id, id desc);
create index prompt_proposals_by_version on prompt_proposals (version_id) where version_id is not null;

alter table prompt_versions drop constraint prompt_versions_author_check;
alter table prompt_versions add constraint prompt_versions_author_check check (author ~ '^(system|operator|api|agent)(:.{1,200})?$');

-- `cache`: the prompt could not be read, so the run was fed the last good copy on disk.
alter table runs add column prompt_source text not null default 'active' check (prompt_source in ('active', 'cache'));

-- migrate:down
drop index prompt_activations_by_agent, prompt_versions_by_agent, prompt_proposals_by_agent;
alter table runs drop column prompt_source;
update prompt_versions set author = 'operator' || substr(author, 4) where author like 'api%';
alter table prompt_versions drop constraint prompt_versions_author_check;
alter table prompt_versions add constraint prompt_versions_author_check check (author ~ '^(system|operator|agent)(:.{1,200})?$');
drop trigger prompt_proposals_live on prompt_proposals;
revoke update (status, decided_at, decided_by, decision_reason, version_id, told_at) on prompt_proposals from moltbot_app;
revoke update (deactivated_at) on prompt_activations from moltbot_app;
grant update on prompt_proposals, prompt_activations to moltbot_app;
alter table prompt_proposals drop column told_at, drop column version_id, drop column evidence;
