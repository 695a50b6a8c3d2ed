-- migrate:up

-- Which texts a rule hit, and how many: answered from the index alone, because the rows themselves are spread over all pages of the table. Texts
-- that were let pass count too: some rules only add their weight. The record keeps at most 50 rules of a text, so that no entry outgrows a page.
create index exposures_by_rule on exposures (agent_id, id desc) include (run_id, rules) where rules <> '{}';

-- migrate:down
drop index exposures_by_rule;
