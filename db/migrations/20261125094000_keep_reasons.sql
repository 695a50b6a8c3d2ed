-- migrate:up

-- Why the operator let the account write again, and why a request to talk was decided as it was. The audit chain keeps digests of the reasons.
alter table moltbook_accounts
  add column resumed_at timestamptz,
  add column resume_reason text check (length(resume_reason) <= 500),
  add check ((resumed_at is null) = (resume_reason is null));
alter table moltbook_message_requests add column decision_reason text check (length(decision_reason) <= 500);
create index moltbook_message_requests_by_time on moltbook_message_requests (agent_id, mode, first_seen_at desc, conversation_id desc);

-- migrate:down
drop index moltbook_message_requests_by_time;
alter table moltbook_message_requests drop column decision_reason;
alter table moltbook_accounts drop column resumed_at, drop column resume_reason;
