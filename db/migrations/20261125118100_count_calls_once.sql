-- migrate:up

-- Calls are counted by `tool_tallies`, as they come, and need not be counted again by days. Few calls withhold anything: an index of these.
alter table daily_figures drop column calls;
create index tool_calls_withheld on tool_calls (id) where withheld > 0;

-- migrate:down
drop index tool_calls_withheld;
alter table daily_figures add column calls int not null default 0;
alter table daily_figures alter column calls drop default;
update daily_figures f set calls = c.calls
from (
  select mode, (uuid_time(id) at time zone 'utc')::date as day, agent_id, count(*)::int as calls from tool_calls group by 1, 2, 3
) c
where f.mode = c.mode and f.day = c.day and f.agent_id = c.agent_id;
