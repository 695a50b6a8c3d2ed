-- migrate:up

-- The newest heartbeat of an agent in a mode, also where there is none: without it every run of the agent was looked at.
create index runs_heartbeats on runs (agent_id, mode, id desc) where kind = 'heartbeat' and status <> 'skipped';

-- migrate:down
drop index runs_heartbeats;
