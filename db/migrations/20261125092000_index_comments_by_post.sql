-- migrate:up

-- Whether the agent has commented on the posts of a page, in one look.
create index moltbook_writings_by_place on moltbook_writings (agent_id, place) where kind = 'comment';

-- migrate:down
drop index moltbook_writings_by_place;
