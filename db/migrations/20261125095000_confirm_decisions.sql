-- migrate:up

-- A decision that Moltbook has not confirmed is not sent again; the request is open again if Moltbook still lists it later.
alter table moltbook_message_requests add column told_at timestamptz;

-- migrate:down
alter table moltbook_message_requests drop column told_at;
