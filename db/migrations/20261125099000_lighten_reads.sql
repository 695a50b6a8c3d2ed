-- migrate:up

-- Nothing asks for exposures by their call or item alone, and every page of posts added a hundred entries to the two.
drop index exposures_by_call;
drop index exposures_by_item;

-- migrate:down
create index exposures_by_item on exposures (item_id, id desc) where item_id is not null;
create index exposures_by_call on exposures (call_id, seq);
