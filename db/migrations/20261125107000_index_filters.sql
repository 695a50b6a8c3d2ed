-- migrate:up

-- What others call a run; made here as well as where runs are recorded from outside, so that either may come first.
alter table runs add column if not exists external_id text;

-- A filter names few of many rows, or one that there are none of: each has an index in the order of the list. Runs and actions are few
-- beside calls and exposures, so their indexes cost little.
create index runs_by_mode on runs (mode, id desc);
create index runs_by_kind on runs (kind, id desc);
create index runs_by_trigger on runs (trigger, id desc);
create index runs_by_outcome on runs (outcome, id desc);
create index actions_by_mode on actions (mode, id desc);
create index actions_by_source on actions (source, id desc);
create index actions_by_status on actions (status, id desc);
create index tool_calls_by_mode on tool_calls (mode, id desc);
-- Almost every call ends well, and those are found without an index.
create index tool_calls_by_outcome on tool_calls (outcome, id desc) where outcome <> 'ok';
create index tool_calls_refused on tool_calls (id desc) where upstream_status >= 400;
-- Whether anything real is on record: empty where nothing is.
create index events_real on events (id) where mode = 'real';

-- Any part of a text, in any case. The queries spell these expressions out in the same way, else the indexes are not used. What comes in is
-- sorted into the index in small portions: a search looks through what is not sorted in yet, and whoever inserts does the sorting.
create extension if not exists pg_trgm;
create index runs_by_text on runs using gin
  ((coalesce(summary, '') || E'\n' || coalesce(detail, '') || E'\n' || coalesce(external_id, '') || E'\n' || id::text) gin_trgm_ops) with (gin_pending_list_limit = 512);
create index actions_by_text on actions using gin
  ((coalesce(target_title, '') || E'\n' || coalesce(target_author, '') || E'\n' || coalesce(detail, '')) gin_trgm_ops) with (gin_pending_list_limit = 512);

-- migrate:down
drop index actions_by_text, runs_by_text;
drop extension pg_trgm;
drop index events_real, tool_calls_refused, tool_calls_by_outcome, tool_calls_by_mode, actions_by_status, actions_by_source, actions_by_mode,
  runs_by_outcome, runs_by_trigger, runs_by_kind, runs_by_mode;
