-- migrate:up

-- The newest run of an agent in a mode, also where there is none: without it every run on record was looked at.
create index runs_by_agent_and_mode on runs (agent_id, mode, id desc);

-- migrate:down
drop index runs_by_agent_and_mode;
