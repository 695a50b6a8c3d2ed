\restrict dbmate


SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: append_audit(uuid, text, text); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.append_audit(agent uuid, kind text, body text) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare
  head record;
  at timestamptz;
  record_json text;
begin
  perform pg_advisory_xact_lock(hashtext('moltbot.audit'));
  select l.seq, l.hash into head from audit_log l order by l.seq desc limit 1;
  if head is null then
    select 0::bigint as seq, decode(repeat('00', 32), 'hex') as hash into head;
  end if;
  at := date_trunc('milliseconds', clock_timestamp());
  record_json := '{"agent_id":' || coalesce('"' || agent || '"', 'null')
    || ',"at":"' || to_char(at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
    || '","body":' || body
    || ',"kind":"' || kind
    || '","prev_hash":"' || encode(head.hash, 'hex')
    || '","seq":' || (head.seq + 1) || '}';
  insert into audit_log (seq, at, agent_id, kind, body, prev_hash, hash)
  values (head.seq + 1, at, agent, kind, body, head.hash, sha256(convert_to(record_json, 'UTF8')));
  return head.seq + 1;
end
$$;


--
-- Name: ensure_partitions(timestamp with time zone, integer); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.ensure_partitions(start timestamp with time zone, ahead integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare
  parent text;
  month timestamptz := date_trunc('month', start at time zone 'utc') at time zone 'utc';
  last timestamptz := (date_trunc('month', now() at time zone 'utc') + make_interval(months => ahead)) at time zone 'utc';
  next timestamptz;
  name text;
  made int := 0;
begin
  perform pg_advisory_xact_lock(hashtext('moltbot.partitions'));
  while month <= last loop
    next := ((month at time zone 'utc') + interval '1 month') at time zone 'utc';
    foreach parent in array array['tool_calls', 'exposures', 'events', 'transcripts'] loop
      name := parent || '_' || to_char(month at time zone 'utc', 'YYYYMM');
      if to_regclass(name) is null then
        execute format('create table %I partition of %I for values from (%L) to (%L)', name, parent, uuid_floor(month), uuid_floor(next));
        made := made + 1;
      end if;
    end loop;
    month := next;
  end loop;
  return made;
end
$$;


--
-- Name: moltbook_admit(uuid, text, text, jsonb, integer, boolean); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.moltbook_admit(agent uuid, in_mode text, under text, wanted jsonb, hold integer, creates boolean) RETURNS TABLE(stamp timestamp with time zone, refusal text, class text, seconds integer, trouble boolean)
    LANGUAGE plpgsql
    AS $$
declare
  account moltbook_accounts;
  budget moltbook_budgets;
  beneath moltbook_budgets;
  want jsonb;
  limits jsonb;
  each_limit jsonb;
  used timestamptz[];
  at timestamptz := clock_timestamp();
  wait numeric;
  longest numeric := 0;
  longest_class text;
  horizon int;
begin
  select * into account from moltbook_accounts a where a.agent_id = agent and a.mode = under;
  trouble := coalesce(account.state <> 'ok' or account.open_since is not null, true);
  if account.state = 'suspended' then
    wait := extract(epoch from account.suspended_until + interval '1 minute' - at);
    -- Once it is over one read has to show that it is: nothing else goes out before.
    if wait > 0 or hold > 0 or not moltbook_may_probe(agent, under, at) then
      return query select null::timestamptz, 'suspended', null::text, greatest(ceil(wait), 60)::int, true;
      return;
    end if;
  elsif account.open_since is not null then
    wait := extract(epoch from account.open_since + interval '1 minute' - at);
    if wait > 0 or not moltbook_may_probe(agent, under, at) then
      return query select null::timestamptz, 'unreachable', null::text, greatest(ceil(wait), 5)::int, true;
      return;
    end if;
  end if;
  if creates and account.frozen_at is not null then
    return query select null::timestamptz, 'frozen', null::text, null::int, true;
    return;
  end if;

  -- In the order of their names, so that two calls never wait for each other.
  for want in select w from jsonb_array_elements(wanted) w order by w ->> 'class' loop
    loop
      select b.* into budget from moltbook_budgets b
        where b.agent_id = agent and b.mode = in_mode and b.class = want ->> 'class' for update;
      exit when found;
      insert into moltbook_budgets (agent_id, mode, class) values (agent, in_mode, want ->> 'class') on conflict do nothing;
    end loop;
    used := budget.spent;
    wait := greatest(extract(epoch from budget.blocked_until - at),
      case when budget.remaining <= 0 then extract(epoch from budget.resets_at - at) end, 0);
    if in_mode <> under then
      select b.* into beneath from moltbook_budgets b where b.agent_id = agent and b.mode = under and b.class = want ->> 'class';
      used := used || coalesce(beneath.spent, '{}');
      wait := greatest(wait, extract(epoch from beneath.blocked_until - at));
    end if;
    limits := case when coalesce(account.registered_at > at - interval '1 day', hold > 0) then want -> 'young' else want -> 'windows' end;
    for each_limit in select l from jsonb_array_elements(limits) l loop
      wait := greatest(wait, coalesce((
        select extract(epoch from u + (each_limit ->> 'seconds')::int * interval '1 second' - at)
        from unnest(used) u order by u desc offset (each_limit ->> 'most')::int - 1 limit 1), 0));
    end loop;
    if wait > longest then
      longest := wait;
      longest_class := want ->> 'class';
    end if;
  end loop;
  if longest > 0 then
    return query select null::timestamptz, 'limit', longest_class, ceil(longest)::int, trouble;
    return;
  end if;

  at := clock_timestamp() + hold * interval '1 second';
  for want in select w from jsonb_array_elements(wanted) w loop
    select coalesce(max((l ->> 'seconds')::int), 60) into horizon from jsonb_array_elements((want -> 'windows') || (want -> 'young')) l;
    update moltbook_budgets b
    set spent = array(select u from unnest(b.spent) u where u > at - (horizon + hold) * interval '1 second' order by u) || at,
      remaining = case when b.resets_at > clock_timestamp() then b.remaining - 1 end, updated_at = now()
    where b.agent_id = agent and b.mode = in_mode and b.class = want ->> 'class';
  end loop;
  return query select at, null::text, null::text, null::int, trouble;
end
$$;


--
-- Name: moltbook_may_probe(uuid, text, timestamp with time zone); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.moltbook_may_probe(agent uuid, under text, at timestamp with time zone) RETURNS boolean
    LANGUAGE sql
    AS $$
  with probe as (
    update moltbook_accounts set probed_at = at
    where agent_id = agent and mode = under and (probed_at is null or probed_at < at - interval '45 seconds') returning 1
  )
  select exists (select from probe)
$$;


--
-- Name: moltbook_settle(uuid, text, text[], timestamp with time zone, boolean); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.moltbook_settle(agent uuid, in_mode text, classes text[], stamp timestamp with time zone, was_sent boolean) RETURNS void
    LANGUAGE sql
    AS $$
  update moltbook_budgets
  set spent = case when was_sent then array_replace(spent, stamp, clock_timestamp()) else array_remove(spent, stamp) end
  where agent_id = agent and mode = in_mode and class = any(classes)
$$;


--
-- Name: notify_agent(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.notify_agent() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  perform pg_notify('live', json_build_object('table', tg_argv[0], 'run_id', null, 'agent_id', to_jsonb(new) ->> 'agent_id')::text);
  return null;
end
$$;


--
-- Name: notify_live(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.notify_live() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
declare
  run uuid;
begin
  if tg_argv[0] = 'runs' then
    run := new.id;
  else
    run := new.run_id;
  end if;
  perform pg_notify('live', json_build_object('table', tg_argv[0], 'run_id', run)::text);
  return null;
end
$$;


--
-- Name: refuse_audit_change(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.refuse_audit_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  raise exception 'the audit log is append-only';
end
$$;


--
-- Name: run_floor(uuid); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.run_floor(run uuid) RETURNS uuid
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN ((lpad(to_hex((((('x'::text || lpad("left"(replace((run)::text, '-'::text, ''::text), 12), 16, '0'::text)))::bit(64))::bigint - 3600000)), 12, '0'::text) || repeat('0'::text, 20)))::uuid;


--
-- Name: uuid_floor(timestamp with time zone); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.uuid_floor(at timestamp with time zone) RETURNS uuid
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN ((lpad(to_hex((floor((EXTRACT(epoch FROM at) * (1000)::numeric)))::bigint), 12, '0'::text) || repeat('0'::text, 20)))::uuid;


--
-- Name: uuid_time(uuid); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.uuid_time(id uuid) RETURNS timestamp with time zone
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN to_timestamp((((((('x'::text || lpad("left"(replace((id)::text, '-'::text, ''::text), 12), 16, '0'::text)))::bit(64))::bigint)::numeric / 1000.0))::double precision);


SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: actions; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.actions (
    id uuid NOT NULL,
    agent_id uuid NOT NULL,
    run_id uuid NOT NULL,
    call_id uuid,
    mode text NOT NULL,
    source text DEFAULT 'witnessed'::text NOT NULL,
    type text NOT NULL,
    status text DEFAULT 'done'::text NOT NULL,
    target_kind text,
    target_id text,
    target_title text,
    target_author text,
    submolt text,
    detail text,
    CONSTRAINT actions_detail_check CHECK ((length(detail) <= 1000)),
    CONSTRAINT actions_mode_check CHECK ((mode = ANY (ARRAY['real'::text, 'dry_run'::text, 'sandbox'::text]))),
    CONSTRAINT actions_source_check CHECK ((source = ANY (ARRAY['witnessed'::text, 'claimed'::text]))),
    CONSTRAINT actions_status_check CHECK ((status = ANY (ARRAY['done'::text, 'pending_verification'::text, 'failed'::text, 'unknown'::text]))),
    CONSTRAINT actions_target_author_check CHECK ((length(target_author) <= 200)),
    CONSTRAINT actions_target_kind_check CHECK ((target_kind = ANY (ARRAY['post'::text, 'comment'::text, 'agent'::text, 'submolt'::text, 'prompt'::text, 'account'::text, 'conversation'::text]))),
    CONSTRAINT actions_target_title_check CHECK ((length(target_title) <= 300)),
    CONSTRAINT actions_type_check CHECK ((type = ANY (ARRAY['browsed'::text, 'upvoted'::text, 'downvoted'::text, 'unvoted'::text, 'commented'::text, 'replied'::text, 'posted'::text, 'subscribed'::text, 'unsubscribed'::text, 'welcomed'::text, 'checked_status'::text, 'checked_submolts'::text, 'followed'::text, 'unfollowed'::text, 'deleted'::text, 'searched'::text, 'verified'::text, 'registered'::text, 'proposed_identity'::text, 'updated_profile'::text, 'created_submolt'::text, 'updated_submolt'::text, 'pinned'::text, 'unpinned'::text, 'reported'::text, 'messaged'::text, 'read_messages'::text, 'marked_read'::text, 'set_up_owner_email'::text])))
);


--
-- Name: agents; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.agents (
    id uuid NOT NULL,
    name text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT agents_name_check CHECK ((name ~ '^[A-Za-z0-9_-]{1,64}$'::text))
);


--
-- Name: api_keys; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.api_keys (
    id uuid NOT NULL,
    name text NOT NULL,
    scope text NOT NULL,
    key_hash bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    last_used_at timestamp with time zone,
    revoked_at timestamp with time zone,
    CONSTRAINT api_keys_key_hash_check CHECK ((octet_length(key_hash) = 32)),
    CONSTRAINT api_keys_name_check CHECK (((length(name) >= 1) AND (length(name) <= 100))),
    CONSTRAINT api_keys_scope_check CHECK ((scope = ANY (ARRAY['read'::text, 'write'::text, 'ingest'::text])))
);


--
-- Name: audit_log; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.audit_log (
    seq bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    agent_id uuid,
    kind text NOT NULL,
    body text NOT NULL,
    prev_hash bytea NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT audit_log_body_check CHECK (("left"(body, 1) = '{'::text)),
    CONSTRAINT audit_log_hash_check CHECK ((octet_length(hash) = 32)),
    CONSTRAINT audit_log_kind_check CHECK ((kind ~ '^[a-z_]+\.[a-z_]+$'::text)),
    CONSTRAINT audit_log_prev_hash_check CHECK ((octet_length(prev_hash) = 32)),
    CONSTRAINT audit_log_seq_check CHECK ((seq > 0))
);


--
-- Name: blocked_authors; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.blocked_authors (
    id uuid NOT NULL,
    agent_id uuid NOT NULL,
    mode text NOT NULL,
    author text NOT NULL,
    handle text NOT NULL,
    reason text NOT NULL,
    source text NOT NULL,
    flag_count integer DEFAULT 0 NOT NULL,
    blocked_at timestamp with time zone DEFAULT now() NOT NULL,
    blocked_by text NOT NULL,
    expires_at timestamp with time zone,
    unblocked_at timestamp with time zone,
    unblocked_by text,
    CONSTRAINT blocked_authors_author_check CHECK (((length(author) >= 1) AND (length(author) <= 100))),
    CONSTRAINT blocked_authors_check CHECK ((expires_at > blocked_at)),
    CONSTRAINT blocked_authors_check1 CHECK (((unblocked_at IS NULL) = (unblocked_by IS NULL))),
    CONSTRAINT blocked_authors_flag_count_check CHECK ((flag_count >= 0)),
    CONSTRAINT blocked_authors_handle_check CHECK (((length(handle) >= 1) AND (length(handle) <= 300))),
    CONSTRAINT blocked_authors_mode_check CHECK ((mode = ANY (ARRAY['real'::text, 'sandbox'::text]))),
    CONSTRAINT blocked_authors_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 500))),
    CONSTRAINT blocked_authors_source_check CHECK ((source = ANY (ARRAY['operator'::text, 'automatic'::text, 'import'::text])))
);


--
-- Name: canaries; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.canaries (
    sha256 bytea NOT NULL,
    agent_id uuid NOT NULL,
    run_id uuid NOT NULL,
    kind text NOT NULL,
    planted_at timestamp with time zone DEFAULT now() NOT NULL,
    seen_at timestamp with time zone,
    CONSTRAINT canaries_kind_check CHECK ((kind = ANY (ARRAY['prompt'::text, 'credential'::text]))),
    CONSTRAINT canaries_sha256_check CHECK ((octet_length(sha256) = 32))
);


--
-- Name: events; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.events (
    id uuid NOT NULL,
    agent_id uuid NOT NULL,
    run_id uuid,
    call_id uuid,
    mode text,
    type text NOT NULL,
    severity text NOT NULL,
    title text NOT NULL,
    detail jsonb DEFAULT '{}'::jsonb NOT NULL,
    fingerprint text NOT NULL,
    CONSTRAINT events_fingerprint_check CHECK ((fingerprint ~ '^[0-9a-f]{64}$'::text)),
    CONSTRAINT events_mode_check CHECK ((mode = ANY (ARRAY['real'::text, 'dry_run'::text, 'sandbox'::text]))),
    CONSTRAINT events_severity_check CHECK ((severity = ANY (ARRAY['info'::text, 'low'::text, 'medium'::text, 'high'::text, 'critical'::text]))),
    CONSTRAINT events_title_check CHECK ((length(title) <= 300)),
    CONSTRAINT events_type_check CHECK ((type ~ '^[a-z_]+$'::text))
)
PARTITION BY RANGE (id);


--
-- Name: exposures; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.exposures (
    id uuid NOT NULL,
    agent_id uuid NOT NULL,
    run_id uuid NOT NULL,
    call_id uuid NOT NULL,
    seq integer NOT NULL,
    kind text NOT NULL,
    item_id text,
    author text,
    field text NOT NULL,
    content_hash text NOT NULL,
    band text NOT NULL,
    score real NOT NULL,
    rules text[] NOT NULL,
    reason text,
    degraded boolean DEFAULT false NOT NULL,
    filter_version text NOT NULL,
    delivered boolean NOT NULL,
    CONSTRAINT exposures_band_check CHECK ((band = ANY (ARRAY['allow'::text, 'mark'::text, 'redact'::text, 'withhold'::text]))),
    CONSTRAINT exposures_content_hash_check CHECK (((octet_length(decode(content_hash, 'hex'::text)) = 32) AND (content_hash = lower(content_hash)))),
    CONSTRAINT exposures_kind_check CHECK ((kind = ANY (ARRAY['post'::text, 'comment'::text, 'agent'::text, 'submolt'::text, 'notification'::text, 'message'::text, 'challenge'::text, 'other'::text]))),
    CONSTRAINT exposures_score_check CHECK (((score >= (0)::double precision) AND (score <= (1)::double precision)))
)
PARTITION BY RANGE (id);


--
-- Name: filter_inputs; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.filter_inputs (
    agent_id uuid NOT NULL,
    content_hash text NOT NULL,
    text text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT filter_inputs_content_hash_check CHECK (((octet_length(decode(content_hash, 'hex'::text)) = 32) AND (content_hash = lower(content_hash))))
);


--
-- Name: filter_opinions; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.filter_opinions (
    version text NOT NULL,
    content_hash text NOT NULL,
    score real NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT filter_opinions_content_hash_check CHECK (((octet_length(decode(content_hash, 'hex'::text)) = 32) AND (content_hash = lower(content_hash)))),
    CONSTRAINT filter_opinions_score_check CHECK (((score >= (0)::double precision) AND (score <= (1)::double precision))),
    CONSTRAINT filter_opinions_version_check CHECK (((octet_length(version) >= 1) AND (octet_length(version) <= 400)))
);


--
-- Name: moltbook_accounts; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.moltbook_accounts (
    agent_id uuid NOT NULL,
    mode text NOT NULL,
    name text,
    state text DEFAULT 'unknown'::text NOT NULL,
    detail text,
    registered_at timestamp with time zone,
    suspended_until timestamp with time zone,
    failures_in_row integer DEFAULT 0 NOT NULL,
    frozen_at timestamp with time zone,
    faults timestamp with time zone[] DEFAULT '{}'::timestamp with time zone[] NOT NULL,
    open_since timestamp with time zone,
    probed_at timestamp with time zone,
    checked_at timestamp with time zone,
    resumed_at timestamp with time zone,
    resume_reason text,
    frozen_because text,
    CONSTRAINT moltbook_accounts_check CHECK (((state = 'suspended'::text) = (suspended_until IS NOT NULL))),
    CONSTRAINT moltbook_accounts_check1 CHECK (((resumed_at IS NULL) = (resume_reason IS NULL))),
    CONSTRAINT moltbook_accounts_detail_check CHECK ((length(detail) <= 1000)),
    CONSTRAINT moltbook_accounts_failures_in_row_check CHECK ((failures_in_row >= 0)),
    CONSTRAINT moltbook_accounts_frozen_because_check CHECK ((frozen_because = 'canary'::text)),
    CONSTRAINT moltbook_accounts_mode_check CHECK ((mode = ANY (ARRAY['real'::text, 'sandbox'::text]))),
    CONSTRAINT moltbook_accounts_name_check CHECK ((length(name) <= 200)),
    CONSTRAINT moltbook_accounts_resume_reason_check CHECK ((length(resume_reason) <= 500)),
    CONSTRAINT moltbook_accounts_state_check CHECK ((state = ANY (ARRAY['unknown'::text, 'ok'::text, 'unclaimed'::text, 'key_refused'::text, 'wrong_host'::text, 'forbidden'::text, 'captcha'::text, 'suspended'::text])))
);


--
-- Name: moltbook_budgets; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.moltbook_budgets (
    agent_id uuid NOT NULL,
    mode text NOT NULL,
    class text NOT NULL,
    quota integer,
    remaining integer,
    resets_at timestamp with time zone,
    blocked_until timestamp with time zone,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    spent timestamp with time zone[] DEFAULT '{}'::timestamp with time zone[] NOT NULL,
    CONSTRAINT moltbook_budgets_class_check CHECK ((class = ANY (ARRAY['read'::text, 'write'::text, 'post'::text, 'comment'::text, 'vote'::text, 'verify'::text, 'submolt'::text, 'account'::text]))),
    CONSTRAINT moltbook_budgets_mode_check CHECK ((mode = ANY (ARRAY['real'::text, 'dry_run'::text, 'sandbox'::text]))),
    CONSTRAINT moltbook_budgets_quota_check CHECK ((quota >= 0))
);


--
-- Name: moltbook_features; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.moltbook_features (
    agent_id uuid NOT NULL,
    mode text NOT NULL,
    feature text NOT NULL,
    available boolean NOT NULL,
    checked_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT moltbook_features_feature_check CHECK ((feature = ANY (ARRAY['home'::text, 'notifications'::text, 'messages'::text, 'search'::text, 'labels'::text, 'moderation'::text, 'verify'::text, 'owner_email'::text]))),
    CONSTRAINT moltbook_features_mode_check CHECK ((mode = ANY (ARRAY['real'::text, 'sandbox'::text])))
);


--
-- Name: moltbook_intents; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.moltbook_intents (
    run_id uuid NOT NULL,
    intent bytea NOT NULL,
    agent_id uuid NOT NULL,
    mode text NOT NULL,
    call_id uuid NOT NULL,
    tool text NOT NULL,
    subject text,
    arguments jsonb NOT NULL,
    state text DEFAULT 'sending'::text NOT NULL,
    answer jsonb,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    settled_at timestamp with time zone,
    checks integer DEFAULT 0 NOT NULL,
    next_check_at timestamp with time zone,
    CONSTRAINT moltbook_intents_check CHECK (((state = 'done'::text) = (answer IS NOT NULL))),
    CONSTRAINT moltbook_intents_intent_check CHECK ((octet_length(intent) = 32)),
    CONSTRAINT moltbook_intents_mode_check CHECK ((mode = ANY (ARRAY['real'::text, 'dry_run'::text, 'sandbox'::text]))),
    CONSTRAINT moltbook_intents_state_check CHECK ((state = ANY (ARRAY['sending'::text, 'done'::text, 'unknown'::text, 'gave_up'::text])))
);


--
-- Name: moltbook_memory; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.moltbook_memory (
    agent_id uuid NOT NULL,
    mode text NOT NULL,
    target_kind text NOT NULL,
    target_id text NOT NULL,
    title text,
    author text,
    vote text,
    voted_at timestamp with time zone,
    seen_at timestamp with time zone,
    seen_comments integer,
    own boolean DEFAULT false NOT NULL,
    CONSTRAINT moltbook_memory_author_check CHECK ((length(author) <= 200)),
    CONSTRAINT moltbook_memory_check CHECK (((vote IS NULL) = (voted_at IS NULL))),
    CONSTRAINT moltbook_memory_mode_check CHECK ((mode = ANY (ARRAY['real'::text, 'dry_run'::text, 'sandbox'::text]))),
    CONSTRAINT moltbook_memory_seen_comments_check CHECK ((seen_comments >= 0)),
    CONSTRAINT moltbook_memory_target_kind_check CHECK ((target_kind = ANY (ARRAY['post'::text, 'comment'::text]))),
    CONSTRAINT moltbook_memory_title_check CHECK ((length(title) <= 300)),
    CONSTRAINT moltbook_memory_vote_check CHECK ((vote = ANY (ARRAY['up'::text, 'down'::text])))
);


--
-- Name: moltbook_message_requests; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.moltbook_message_requests (
    agent_id uuid NOT NULL,
    mode text NOT NULL,
    conversation_id text NOT NULL,
    from_agent text,
    preview text,
    state text DEFAULT 'open'::text NOT NULL,
    requested_at timestamp with time zone,
    first_seen_at timestamp with time zone DEFAULT now() NOT NULL,
    decided_at timestamp with time zone,
    decided_by text,
    decision_reason text,
    told_at timestamp with time zone,
    CONSTRAINT moltbook_message_requests_check CHECK (((state = ANY (ARRAY['open'::text, 'gone'::text])) OR ((decided_at IS NOT NULL) AND (decided_by IS NOT NULL)))),
    CONSTRAINT moltbook_message_requests_decision_reason_check CHECK ((length(decision_reason) <= 500)),
    CONSTRAINT moltbook_message_requests_from_agent_check CHECK ((length(from_agent) <= 200)),
    CONSTRAINT moltbook_message_requests_mode_check CHECK ((mode = ANY (ARRAY['real'::text, 'sandbox'::text]))),
    CONSTRAINT moltbook_message_requests_preview_check CHECK ((length(preview) <= 1000)),
    CONSTRAINT moltbook_message_requests_state_check CHECK ((state = ANY (ARRAY['open'::text, 'approved'::text, 'rejected'::text, 'blocked'::text, 'gone'::text])))
);


--
-- Name: moltbook_writings; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.moltbook_writings (
    id uuid NOT NULL,
    agent_id uuid NOT NULL,
    run_id uuid NOT NULL,
    call_id uuid NOT NULL,
    mode text NOT NULL,
    kind text NOT NULL,
    place text NOT NULL,
    item_id text,
    title text,
    content text,
    text_hash bytea NOT NULL,
    sketch integer[] NOT NULL,
    state text NOT NULL,
    published_at timestamp with time zone,
    checks integer DEFAULT 0 NOT NULL,
    next_check_at timestamp with time zone,
    CONSTRAINT moltbook_writings_content_check CHECK ((length(content) <= 40000)),
    CONSTRAINT moltbook_writings_kind_check CHECK ((kind = ANY (ARRAY['post'::text, 'comment'::text, 'submolt'::text, 'message'::text]))),
    CONSTRAINT moltbook_writings_mode_check CHECK ((mode = ANY (ARRAY['real'::text, 'dry_run'::text, 'sandbox'::text]))),
    CONSTRAINT moltbook_writings_state_check CHECK ((state = ANY (ARRAY['sending'::text, 'unknown'::text, 'pending'::text, 'published'::text, 'visible'::text, 'hidden'::text, 'dead'::text]))),
    CONSTRAINT moltbook_writings_text_hash_check CHECK ((octet_length(text_hash) = 32)),
    CONSTRAINT moltbook_writings_title_check CHECK ((length(title) <= 300))
);


--
-- Name: oddities; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.oddities (
    id uuid NOT NULL,
    agent_id uuid NOT NULL,
    run_id uuid,
    mode text,
    type text NOT NULL,
    severity text NOT NULL,
    description text NOT NULL,
    call_ids uuid[] DEFAULT '{}'::uuid[] NOT NULL,
    fingerprint text NOT NULL,
    CONSTRAINT oddities_description_check CHECK ((length(description) <= 1000)),
    CONSTRAINT oddities_fingerprint_check CHECK ((fingerprint ~ '^[0-9a-f]{64}$'::text)),
    CONSTRAINT oddities_mode_check CHECK ((mode = ANY (ARRAY['real'::text, 'dry_run'::text, 'sandbox'::text]))),
    CONSTRAINT oddities_severity_check CHECK ((severity = ANY (ARRAY['info'::text, 'low'::text, 'medium'::text, 'high'::text, 'critical'::text]))),
    CONSTRAINT oddities_type_check CHECK ((type ~ '^[a-z_]+$'::text))
);


--
-- Name: prompt_activations; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.prompt_activations (
    id uuid NOT NULL,
    agent_id uuid NOT NULL,
    version_id uuid NOT NULL,
    actor text NOT NULL,
    reason text NOT NULL,
    activated_at timestamp with time zone DEFAULT now() NOT NULL,
    deactivated_at timestamp with time zone,
    CONSTRAINT prompt_activations_check CHECK ((deactivated_at >= activated_at))
);


--
-- Name: prompt_proposals; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.prompt_proposals (
    id uuid NOT NULL,
    agent_id uuid NOT NULL,
    run_id uuid NOT NULL,
    call_id uuid NOT NULL,
    parent_id uuid,
    text text NOT NULL,
    sha256 text NOT NULL,
    reason text NOT NULL,
    status text DEFAULT 'open'::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    decided_at timestamp with time zone,
    decided_by text,
    decision_reason text,
    CONSTRAINT prompt_proposals_check CHECK (((status = ANY (ARRAY['open'::text, 'superseded'::text, 'expired'::text])) OR ((decided_at IS NOT NULL) AND (decided_by IS NOT NULL)))),
    CONSTRAINT prompt_proposals_reason_check CHECK (((length(reason) >= 5) AND (length(reason) <= 500))),
    CONSTRAINT prompt_proposals_sha256_check CHECK ((sha256 ~ '^[0-9a-f]{64}$'::text)),
    CONSTRAINT prompt_proposals_status_check CHECK ((status = ANY (ARRAY['open'::text, 'approved'::text, 'rejected'::text, 'superseded'::text, 'expired'::text]))),
    CONSTRAINT prompt_proposals_text_check CHECK (((length(text) >= 50) AND (length(text) <= 50000)))
);


--
-- Name: prompt_versions; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.prompt_versions (
    id uuid NOT NULL,
    agent_id uuid NOT NULL,
    number integer NOT NULL,
    text text NOT NULL,
    sha256 text NOT NULL,
    author text NOT NULL,
    reason text NOT NULL,
    parent_id uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT prompt_versions_author_check CHECK ((author ~ '^(system|operator|agent)(:.{1,200})?$'::text)),
    CONSTRAINT prompt_versions_number_check CHECK ((number > 0)),
    CONSTRAINT prompt_versions_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 500))),
    CONSTRAINT prompt_versions_sha256_check CHECK ((sha256 ~ '^[0-9a-f]{64}$'::text)),
    CONSTRAINT prompt_versions_text_check CHECK (((length(text) >= 1) AND (length(text) <= 50000)))
);


--
-- Name: run_tokens; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.run_tokens (
    id uuid NOT NULL,
    agent_id uuid NOT NULL,
    run_id uuid NOT NULL,
    token_hash bytea NOT NULL,
    policy jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    CONSTRAINT run_tokens_token_hash_check CHECK ((octet_length(token_hash) = 32))
);


--
-- Name: runs; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.runs (
    id uuid NOT NULL,
    agent_id uuid NOT NULL,
    mode text NOT NULL,
    kind text DEFAULT 'heartbeat'::text NOT NULL,
    trigger text NOT NULL,
    slot text,
    status text NOT NULL,
    outcome text,
    skip_reason text,
    detail text,
    prompt_version_id uuid,
    agent_command text,
    runner text,
    lease_expires_at timestamp with time zone,
    agent_pid integer,
    model text,
    client_version text,
    session_id text,
    input_tokens bigint,
    output_tokens bigint,
    cache_read_tokens bigint,
    cache_creation_tokens bigint,
    cost_usd numeric(12,6),
    turns integer,
    exit_code integer,
    summary text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    started_at timestamp with time zone,
    finished_at timestamp with time zone,
    CONSTRAINT runs_cache_creation_tokens_check CHECK ((cache_creation_tokens >= 0)),
    CONSTRAINT runs_cache_read_tokens_check CHECK ((cache_read_tokens >= 0)),
    CONSTRAINT runs_check CHECK ((finished_at >= started_at)),
    CONSTRAINT runs_check1 CHECK (((status = ANY (ARRAY['queued'::text, 'running'::text, 'stopping'::text])) = (finished_at IS NULL))),
    CONSTRAINT runs_check2 CHECK (((status = 'skipped'::text) = (skip_reason IS NOT NULL))),
    CONSTRAINT runs_cost_usd_check CHECK ((cost_usd >= (0)::numeric)),
    CONSTRAINT runs_detail_check CHECK ((length(detail) <= 5000)),
    CONSTRAINT runs_input_tokens_check CHECK ((input_tokens >= 0)),
    CONSTRAINT runs_kind_check CHECK ((kind = ANY (ARRAY['heartbeat'::text, 'ad_hoc'::text, 'claimed'::text]))),
    CONSTRAINT runs_mode_check CHECK ((mode = ANY (ARRAY['real'::text, 'dry_run'::text, 'sandbox'::text]))),
    CONSTRAINT runs_outcome_check CHECK ((outcome = ANY (ARRAY['acted'::text, 'nothing_to_do'::text, 'degraded'::text, 'blocked'::text, 'unknown'::text]))),
    CONSTRAINT runs_output_tokens_check CHECK ((output_tokens >= 0)),
    CONSTRAINT runs_skip_reason_check CHECK ((skip_reason = ANY (ARRAY['paused'::text, 'kill_switch'::text, 'outside_active_hours'::text, 'overlap'::text, 'budget'::text, 'gate_no_news'::text, 'preflight_failed'::text, 'account_suspended'::text, 'prompt_missing'::text]))),
    CONSTRAINT runs_status_check CHECK ((status = ANY (ARRAY['queued'::text, 'running'::text, 'stopping'::text, 'succeeded'::text, 'failed'::text, 'timed_out'::text, 'cancelled'::text, 'lost'::text, 'skipped'::text]))),
    CONSTRAINT runs_summary_check CHECK ((length(summary) <= 5000)),
    CONSTRAINT runs_trigger_check CHECK ((trigger = ANY (ARRAY['schedule'::text, 'manual'::text, 'first_start'::text, 'token'::text, 'import'::text]))),
    CONSTRAINT runs_turns_check CHECK ((turns >= 0))
);


--
-- Name: schedule_slots; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.schedule_slots (
    job text NOT NULL,
    slot timestamp with time zone NOT NULL,
    claimed_by text NOT NULL,
    claimed_at timestamp with time zone DEFAULT now() NOT NULL,
    finished_at timestamp with time zone,
    ok boolean,
    detail text
);


--
-- Name: schema_migrations; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.schema_migrations (
    version character varying NOT NULL
);


--
-- Name: sessions; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.sessions (
    id uuid NOT NULL,
    token_hash bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    CONSTRAINT sessions_token_hash_check CHECK ((octet_length(token_hash) = 32))
);


--
-- Name: sign_in_links; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.sign_in_links (
    token_hash bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    CONSTRAINT sign_in_links_token_hash_check CHECK ((octet_length(token_hash) = 32))
);


--
-- Name: tool_calls; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.tool_calls (
    id uuid NOT NULL,
    agent_id uuid NOT NULL,
    run_id uuid NOT NULL,
    mode text NOT NULL,
    tool text NOT NULL,
    is_write boolean NOT NULL,
    request_id text,
    tool_use_id text,
    client_name text,
    client_version text,
    era text,
    arguments jsonb NOT NULL,
    arguments_sha256 text NOT NULL,
    outcome text,
    error text,
    result jsonb,
    result_sha256 text,
    result_bytes integer,
    upstream_method text,
    upstream_path text,
    upstream_status integer,
    withheld integer DEFAULT 0 NOT NULL,
    started_at timestamp with time zone DEFAULT now() NOT NULL,
    finished_at timestamp with time zone,
    trace_parent text,
    CONSTRAINT tool_calls_arguments_sha256_check CHECK ((arguments_sha256 ~ '^[0-9a-f]{64}$'::text)),
    CONSTRAINT tool_calls_check CHECK (((outcome IS NULL) = (finished_at IS NULL))),
    CONSTRAINT tool_calls_era_check CHECK ((era = ANY (ARRAY['legacy'::text, 'modern'::text]))),
    CONSTRAINT tool_calls_error_check CHECK ((length(error) <= 2000)),
    CONSTRAINT tool_calls_mode_check CHECK ((mode = ANY (ARRAY['real'::text, 'dry_run'::text, 'sandbox'::text]))),
    CONSTRAINT tool_calls_outcome_check CHECK ((outcome = ANY (ARRAY['ok'::text, 'tool_error'::text, 'protocol_error'::text, 'denied'::text, 'rate_limited'::text, 'cancelled'::text, 'unknown'::text]))),
    CONSTRAINT tool_calls_result_bytes_check CHECK ((result_bytes >= 0)),
    CONSTRAINT tool_calls_result_sha256_check CHECK ((result_sha256 ~ '^[0-9a-f]{64}$'::text)),
    CONSTRAINT tool_calls_trace_parent_check CHECK ((length(trace_parent) <= 100)),
    CONSTRAINT tool_calls_withheld_check CHECK ((withheld >= 0))
)
PARTITION BY RANGE (id);
ALTER TABLE ONLY public.tool_calls ALTER COLUMN result SET STORAGE EXTERNAL;


--
-- Name: transcripts; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.transcripts (
    id uuid NOT NULL,
    agent_id uuid NOT NULL,
    run_id uuid NOT NULL,
    seq integer NOT NULL,
    stream text NOT NULL,
    line text NOT NULL,
    CONSTRAINT transcripts_seq_check CHECK ((seq >= 0)),
    CONSTRAINT transcripts_stream_check CHECK ((stream = ANY (ARRAY['stdout'::text, 'stderr'::text, 'gap'::text])))
)
PARTITION BY RANGE (id);


--
-- Name: verifications; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.verifications (
    id uuid NOT NULL,
    agent_id uuid NOT NULL,
    run_id uuid NOT NULL,
    call_id uuid NOT NULL,
    mode text NOT NULL,
    code_hash bytea NOT NULL,
    target_kind text NOT NULL,
    target_id text,
    status text DEFAULT 'pending'::text NOT NULL,
    expires_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    answered_at timestamp with time zone,
    CONSTRAINT verifications_code_hash_check CHECK ((octet_length(code_hash) = 32)),
    CONSTRAINT verifications_mode_check CHECK ((mode = ANY (ARRAY['real'::text, 'dry_run'::text, 'sandbox'::text]))),
    CONSTRAINT verifications_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'verified'::text, 'failed'::text, 'expired'::text, 'unknown'::text]))),
    CONSTRAINT verifications_target_kind_check CHECK ((target_kind = ANY (ARRAY['post'::text, 'comment'::text, 'submolt'::text, 'message'::text])))
);


--
-- Name: actions actions_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.actions
    ADD CONSTRAINT actions_pkey PRIMARY KEY (id);


--
-- Name: agents agents_name_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.agents
    ADD CONSTRAINT agents_name_key UNIQUE (name);


--
-- Name: agents agents_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.agents
    ADD CONSTRAINT agents_pkey PRIMARY KEY (id);


--
-- Name: api_keys api_keys_key_hash_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT api_keys_key_hash_key UNIQUE (key_hash);


--
-- Name: api_keys api_keys_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT api_keys_pkey PRIMARY KEY (id);


--
-- Name: audit_log audit_log_hash_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.audit_log
    ADD CONSTRAINT audit_log_hash_key UNIQUE (hash);


--
-- Name: audit_log audit_log_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.audit_log
    ADD CONSTRAINT audit_log_pkey PRIMARY KEY (seq);


--
-- Name: blocked_authors blocked_authors_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.blocked_authors
    ADD CONSTRAINT blocked_authors_pkey PRIMARY KEY (id);


--
-- Name: canaries canaries_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.canaries
    ADD CONSTRAINT canaries_pkey PRIMARY KEY (sha256);


--
-- Name: events events_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.events
    ADD CONSTRAINT events_pkey PRIMARY KEY (id);


--
-- Name: exposures exposures_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.exposures
    ADD CONSTRAINT exposures_pkey PRIMARY KEY (id);


--
-- Name: filter_inputs filter_inputs_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.filter_inputs
    ADD CONSTRAINT filter_inputs_pkey PRIMARY KEY (agent_id, content_hash);


--
-- Name: filter_opinions filter_opinions_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.filter_opinions
    ADD CONSTRAINT filter_opinions_pkey PRIMARY KEY (version, content_hash);


--
-- Name: moltbook_accounts moltbook_accounts_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.moltbook_accounts
    ADD CONSTRAINT moltbook_accounts_pkey PRIMARY KEY (agent_id, mode);


--
-- Name: moltbook_budgets moltbook_budgets_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.moltbook_budgets
    ADD CONSTRAINT moltbook_budgets_pkey PRIMARY KEY (agent_id, mode, class);


--
-- Name: moltbook_features moltbook_features_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.moltbook_features
    ADD CONSTRAINT moltbook_features_pkey PRIMARY KEY (agent_id, mode, feature);


--
-- Name: moltbook_intents moltbook_intents_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.moltbook_intents
    ADD CONSTRAINT moltbook_intents_pkey PRIMARY KEY (run_id, intent);


--
-- Name: moltbook_memory moltbook_memory_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.moltbook_memory
    ADD CONSTRAINT moltbook_memory_pkey PRIMARY KEY (agent_id, mode, target_kind, target_id);


--
-- Name: moltbook_message_requests moltbook_message_requests_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.moltbook_message_requests
    ADD CONSTRAINT moltbook_message_requests_pkey PRIMARY KEY (agent_id, mode, conversation_id);


--
-- Name: moltbook_writings moltbook_writings_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.moltbook_writings
    ADD CONSTRAINT moltbook_writings_pkey PRIMARY KEY (id);


--
-- Name: oddities oddities_fingerprint_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.oddities
    ADD CONSTRAINT oddities_fingerprint_key UNIQUE (fingerprint);


--
-- Name: oddities oddities_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.oddities
    ADD CONSTRAINT oddities_pkey PRIMARY KEY (id);


--
-- Name: prompt_activations prompt_activations_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.prompt_activations
    ADD CONSTRAINT prompt_activations_pkey PRIMARY KEY (id);


--
-- Name: prompt_proposals prompt_proposals_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.prompt_proposals
    ADD CONSTRAINT prompt_proposals_pkey PRIMARY KEY (id);


--
-- Name: prompt_versions prompt_versions_agent_id_number_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.prompt_versions
    ADD CONSTRAINT prompt_versions_agent_id_number_key UNIQUE (agent_id, number);


--
-- Name: prompt_versions prompt_versions_agent_id_sha256_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.prompt_versions
    ADD CONSTRAINT prompt_versions_agent_id_sha256_key UNIQUE (agent_id, sha256);


--
-- Name: prompt_versions prompt_versions_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.prompt_versions
    ADD CONSTRAINT prompt_versions_pkey PRIMARY KEY (id);


--
-- Name: run_tokens run_tokens_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.run_tokens
    ADD CONSTRAINT run_tokens_pkey PRIMARY KEY (id);


--
-- Name: run_tokens run_tokens_token_hash_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.run_tokens
    ADD CONSTRAINT run_tokens_token_hash_key UNIQUE (token_hash);


--
-- Name: runs runs_agent_id_slot_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.runs
    ADD CONSTRAINT runs_agent_id_slot_key UNIQUE (agent_id, slot);


--
-- Name: runs runs_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.runs
    ADD CONSTRAINT runs_pkey PRIMARY KEY (id);


--
-- Name: schedule_slots schedule_slots_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.schedule_slots
    ADD CONSTRAINT schedule_slots_pkey PRIMARY KEY (job, slot);


--
-- Name: schema_migrations schema_migrations_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.schema_migrations
    ADD CONSTRAINT schema_migrations_pkey PRIMARY KEY (version);


--
-- Name: sessions sessions_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_pkey PRIMARY KEY (id);


--
-- Name: sessions sessions_token_hash_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_token_hash_key UNIQUE (token_hash);


--
-- Name: sign_in_links sign_in_links_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.sign_in_links
    ADD CONSTRAINT sign_in_links_pkey PRIMARY KEY (token_hash);


--
-- Name: tool_calls tool_calls_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tool_calls
    ADD CONSTRAINT tool_calls_pkey PRIMARY KEY (id);


--
-- Name: transcripts transcripts_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.transcripts
    ADD CONSTRAINT transcripts_pkey PRIMARY KEY (id);


--
-- Name: verifications verifications_agent_id_code_hash_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.verifications
    ADD CONSTRAINT verifications_agent_id_code_hash_key UNIQUE (agent_id, code_hash);


--
-- Name: verifications verifications_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.verifications
    ADD CONSTRAINT verifications_pkey PRIMARY KEY (id);


--
-- Name: actions_by_agent; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX actions_by_agent ON public.actions USING btree (agent_id, id DESC);


--
-- Name: actions_by_run; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX actions_by_run ON public.actions USING btree (run_id, id);


--
-- Name: actions_by_type; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX actions_by_type ON public.actions USING btree (type, id DESC);


--
-- Name: blocked_authors_active; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX blocked_authors_active ON public.blocked_authors USING btree (agent_id, mode, handle) WHERE (unblocked_at IS NULL);


--
-- Name: blocked_authors_by_agent; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX blocked_authors_by_agent ON public.blocked_authors USING btree (agent_id, mode, id DESC);


--
-- Name: blocked_authors_by_handle; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX blocked_authors_by_handle ON public.blocked_authors USING btree (agent_id, mode, handle, id DESC);


--
-- Name: events_by_agent; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX events_by_agent ON ONLY public.events USING btree (agent_id, id DESC);


--
-- Name: events_by_run; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX events_by_run ON ONLY public.events USING btree (run_id, id);


--
-- Name: events_by_type; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX events_by_type ON ONLY public.events USING btree (type, id DESC);


--
-- Name: exposures_by_rule; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX exposures_by_rule ON ONLY public.exposures USING btree (agent_id, id DESC) INCLUDE (run_id, rules) WHERE (rules <> '{}'::text[]);


--
-- Name: exposures_by_run; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX exposures_by_run ON ONLY public.exposures USING btree (run_id, id);


--
-- Name: exposures_flagged; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX exposures_flagged ON ONLY public.exposures USING btree (agent_id, id DESC) WHERE (band <> 'allow'::text);


--
-- Name: exposures_flagged_by_author; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX exposures_flagged_by_author ON ONLY public.exposures USING btree (agent_id, lower(author)) WHERE (band = ANY (ARRAY['redact'::text, 'withhold'::text]));


--
-- Name: filter_inputs_by_age; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX filter_inputs_by_age ON public.filter_inputs USING btree (created_at);


--
-- Name: filter_opinions_created_at; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX filter_opinions_created_at ON public.filter_opinions USING btree (created_at);


--
-- Name: moltbook_intents_by_subject; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX moltbook_intents_by_subject ON public.moltbook_intents USING btree (run_id, subject) WHERE (subject IS NOT NULL);


--
-- Name: moltbook_intents_unsettled; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX moltbook_intents_unsettled ON public.moltbook_intents USING btree (agent_id, next_check_at) WHERE (state = ANY (ARRAY['sending'::text, 'unknown'::text]));


--
-- Name: moltbook_message_requests_by_time; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX moltbook_message_requests_by_time ON public.moltbook_message_requests USING btree (agent_id, mode, first_seen_at DESC, conversation_id DESC);


--
-- Name: moltbook_writings_by_agent; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX moltbook_writings_by_agent ON public.moltbook_writings USING btree (agent_id, mode, id DESC);


--
-- Name: moltbook_writings_by_call; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX moltbook_writings_by_call ON public.moltbook_writings USING btree (call_id);


--
-- Name: moltbook_writings_by_place; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX moltbook_writings_by_place ON public.moltbook_writings USING btree (agent_id, place) WHERE (kind = 'comment'::text);


--
-- Name: moltbook_writings_by_text; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX moltbook_writings_by_text ON public.moltbook_writings USING btree (agent_id, text_hash);


--
-- Name: moltbook_writings_unsettled; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX moltbook_writings_unsettled ON public.moltbook_writings USING btree (agent_id, next_check_at) WHERE (state = ANY (ARRAY['pending'::text, 'published'::text]));


--
-- Name: oddities_by_agent; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX oddities_by_agent ON public.oddities USING btree (agent_id, id DESC);


--
-- Name: prompt_activations_one_active; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX prompt_activations_one_active ON public.prompt_activations USING btree (agent_id) WHERE (deactivated_at IS NULL);


--
-- Name: prompt_proposals_one_open; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX prompt_proposals_one_open ON public.prompt_proposals USING btree (agent_id) WHERE (status = 'open'::text);


--
-- Name: run_tokens_by_run; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX run_tokens_by_run ON public.run_tokens USING btree (run_id);


--
-- Name: runs_by_agent; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX runs_by_agent ON public.runs USING btree (agent_id, id DESC);


--
-- Name: runs_by_status; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX runs_by_status ON public.runs USING btree (status, id DESC);


--
-- Name: runs_one_live_heartbeat; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX runs_one_live_heartbeat ON public.runs USING btree (agent_id) WHERE ((kind = 'heartbeat'::text) AND (status = ANY (ARRAY['queued'::text, 'running'::text, 'stopping'::text])));


--
-- Name: tool_calls_by_agent; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX tool_calls_by_agent ON ONLY public.tool_calls USING btree (agent_id, id DESC);


--
-- Name: tool_calls_by_run; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX tool_calls_by_run ON ONLY public.tool_calls USING btree (run_id, id);


--
-- Name: tool_calls_by_tool; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX tool_calls_by_tool ON ONLY public.tool_calls USING btree (tool, id DESC);


--
-- Name: transcripts_by_run; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX transcripts_by_run ON ONLY public.transcripts USING btree (run_id, seq);


--
-- Name: verifications_by_run; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX verifications_by_run ON public.verifications USING btree (run_id);


--
-- Name: actions actions_live; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER actions_live AFTER INSERT OR UPDATE ON public.actions FOR EACH ROW EXECUTE FUNCTION public.notify_live('calls');


--
-- Name: audit_log audit_log_append_only; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER audit_log_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.audit_log FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_audit_change();


--
-- Name: blocked_authors blocked_authors_live; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER blocked_authors_live AFTER INSERT OR UPDATE ON public.blocked_authors FOR EACH ROW EXECUTE FUNCTION public.notify_agent('blocked_authors');


--
-- Name: moltbook_accounts moltbook_accounts_live; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER moltbook_accounts_live AFTER INSERT OR UPDATE OF state, suspended_until, failures_in_row, frozen_at, open_since ON public.moltbook_accounts FOR EACH ROW EXECUTE FUNCTION public.notify_agent('accounts');


--
-- Name: moltbook_features moltbook_features_live; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER moltbook_features_live AFTER INSERT OR UPDATE OF available ON public.moltbook_features FOR EACH ROW EXECUTE FUNCTION public.notify_agent('features');


--
-- Name: moltbook_message_requests moltbook_message_requests_live; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER moltbook_message_requests_live AFTER INSERT OR UPDATE OF state ON public.moltbook_message_requests FOR EACH ROW EXECUTE FUNCTION public.notify_agent('message_requests');


--
-- Name: prompt_activations prompt_activations_live; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER prompt_activations_live AFTER INSERT OR UPDATE ON public.prompt_activations FOR EACH ROW EXECUTE FUNCTION public.notify_agent('prompts');


--
-- Name: runs runs_live; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER runs_live AFTER INSERT OR UPDATE OF status, outcome ON public.runs FOR EACH ROW EXECUTE FUNCTION public.notify_live('runs');


--
-- Name: tool_calls tool_calls_live; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER tool_calls_live AFTER INSERT OR UPDATE ON public.tool_calls FOR EACH ROW EXECUTE FUNCTION public.notify_live('calls');


--
-- Name: actions actions_agent_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.actions
    ADD CONSTRAINT actions_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES public.agents(id);


--
-- Name: actions actions_run_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.actions
    ADD CONSTRAINT actions_run_id_fkey FOREIGN KEY (run_id) REFERENCES public.runs(id);


--
-- Name: blocked_authors blocked_authors_agent_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.blocked_authors
    ADD CONSTRAINT blocked_authors_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES public.agents(id);


--
-- Name: canaries canaries_agent_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.canaries
    ADD CONSTRAINT canaries_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES public.agents(id);


--
-- Name: canaries canaries_run_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.canaries
    ADD CONSTRAINT canaries_run_id_fkey FOREIGN KEY (run_id) REFERENCES public.runs(id);


--
-- Name: events events_agent_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE public.events
    ADD CONSTRAINT events_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES public.agents(id);


--
-- Name: events events_run_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE public.events
    ADD CONSTRAINT events_run_id_fkey FOREIGN KEY (run_id) REFERENCES public.runs(id);


--
-- Name: moltbook_accounts moltbook_accounts_agent_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.moltbook_accounts
    ADD CONSTRAINT moltbook_accounts_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES public.agents(id);


--
-- Name: moltbook_budgets moltbook_budgets_agent_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.moltbook_budgets
    ADD CONSTRAINT moltbook_budgets_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES public.agents(id);


--
-- Name: moltbook_features moltbook_features_agent_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.moltbook_features
    ADD CONSTRAINT moltbook_features_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES public.agents(id);


--
-- Name: moltbook_intents moltbook_intents_agent_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.moltbook_intents
    ADD CONSTRAINT moltbook_intents_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES public.agents(id);


--
-- Name: moltbook_intents moltbook_intents_run_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.moltbook_intents
    ADD CONSTRAINT moltbook_intents_run_id_fkey FOREIGN KEY (run_id) REFERENCES public.runs(id);


--
-- Name: moltbook_message_requests moltbook_message_requests_agent_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.moltbook_message_requests
    ADD CONSTRAINT moltbook_message_requests_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES public.agents(id);


--
-- Name: moltbook_writings moltbook_writings_agent_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.moltbook_writings
    ADD CONSTRAINT moltbook_writings_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES public.agents(id);


--
-- Name: moltbook_writings moltbook_writings_run_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.moltbook_writings
    ADD CONSTRAINT moltbook_writings_run_id_fkey FOREIGN KEY (run_id) REFERENCES public.runs(id);


--
-- Name: oddities oddities_agent_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.oddities
    ADD CONSTRAINT oddities_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES public.agents(id);


--
-- Name: oddities oddities_run_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.oddities
    ADD CONSTRAINT oddities_run_id_fkey FOREIGN KEY (run_id) REFERENCES public.runs(id);


--
-- Name: prompt_activations prompt_activations_agent_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.prompt_activations
    ADD CONSTRAINT prompt_activations_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES public.agents(id);


--
-- Name: prompt_activations prompt_activations_version_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.prompt_activations
    ADD CONSTRAINT prompt_activations_version_id_fkey FOREIGN KEY (version_id) REFERENCES public.prompt_versions(id);


--
-- Name: prompt_proposals prompt_proposals_agent_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.prompt_proposals
    ADD CONSTRAINT prompt_proposals_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES public.agents(id);


--
-- Name: prompt_proposals prompt_proposals_parent_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.prompt_proposals
    ADD CONSTRAINT prompt_proposals_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES public.prompt_versions(id);


--
-- Name: prompt_proposals prompt_proposals_run_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.prompt_proposals
    ADD CONSTRAINT prompt_proposals_run_id_fkey FOREIGN KEY (run_id) REFERENCES public.runs(id);


--
-- Name: prompt_versions prompt_versions_agent_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.prompt_versions
    ADD CONSTRAINT prompt_versions_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES public.agents(id);


--
-- Name: prompt_versions prompt_versions_parent_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.prompt_versions
    ADD CONSTRAINT prompt_versions_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES public.prompt_versions(id);


--
-- Name: run_tokens run_tokens_agent_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.run_tokens
    ADD CONSTRAINT run_tokens_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES public.agents(id);


--
-- Name: run_tokens run_tokens_run_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.run_tokens
    ADD CONSTRAINT run_tokens_run_id_fkey FOREIGN KEY (run_id) REFERENCES public.runs(id);


--
-- Name: runs runs_agent_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.runs
    ADD CONSTRAINT runs_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES public.agents(id);


--
-- Name: runs runs_prompt_version_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.runs
    ADD CONSTRAINT runs_prompt_version_id_fkey FOREIGN KEY (prompt_version_id) REFERENCES public.prompt_versions(id);


--
-- Name: tool_calls tool_calls_agent_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE public.tool_calls
    ADD CONSTRAINT tool_calls_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES public.agents(id);


--
-- Name: tool_calls tool_calls_run_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE public.tool_calls
    ADD CONSTRAINT tool_calls_run_id_fkey FOREIGN KEY (run_id) REFERENCES public.runs(id);


--
-- Name: transcripts transcripts_agent_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE public.transcripts
    ADD CONSTRAINT transcripts_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES public.agents(id);


--
-- Name: transcripts transcripts_run_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE public.transcripts
    ADD CONSTRAINT transcripts_run_id_fkey FOREIGN KEY (run_id) REFERENCES public.runs(id);


--
-- Name: verifications verifications_agent_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.verifications
    ADD CONSTRAINT verifications_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES public.agents(id);


--
-- Name: verifications verifications_run_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.verifications
    ADD CONSTRAINT verifications_run_id_fkey FOREIGN KEY (run_id) REFERENCES public.runs(id);


--
-- PostgreSQL database dump complete
--

\unrestrict dbmate


--
-- Dbmate schema migrations
--

INSERT INTO public.schema_migrations (version) VALUES
    ('20261123100000'),
    ('20261123100100'),
    ('20261123100200'),
    ('20261123100300'),
    ('20261125090000'),
    ('20261125091000'),
    ('20261125092000'),
    ('20261125093000'),
    ('20261125094000'),
    ('20261125095000'),
    ('20261125095100'),
    ('20261125096000'),
    ('20261125097000'),
    ('20261125098000'),
    ('20261125099000');
