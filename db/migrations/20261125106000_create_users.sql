-- migrate:up

-- People. A name belongs to one person for ever, so that what is on record under it keeps its meaning; who is not wanted any more is disabled.
create table users (
  id uuid primary key,
  name text not null check (name ~ '^[A-Za-z0-9_-]{1,40}$'),
  role text not null check (role in ('operator', 'viewer')),
  -- Null: signs in by one-time links only.
  password_hash text check (password_hash like '$argon2id$%'),
  created_at timestamptz not null default now(),
  disabled_at timestamptz
);
create unique index users_by_name on users (lower(name));
grant select, insert, update (password_hash, disabled_at) on users to moltbot_app;

-- Those that are open belong to nobody that is known: whoever holds one signs in once more.
delete from sessions;
delete from sign_in_links;
alter table sessions
  add user_id uuid not null references users (id),
  -- Whoever came by a link may set a password without knowing the old one.
  add opened_by text not null check (opened_by in ('link', 'password')),
  add source text check (length(source) <= 100),
  add client text check (length(client) <= 200),
  add last_used_at timestamptz not null default now();
create index sessions_by_user on sessions (user_id, id desc);
alter table sign_in_links add user_id uuid not null references users (id);

alter table api_keys add expires_at timestamptz check (expires_at > created_at);

-- Password attempts that have not led in, by the door that they came to: a source address or an account. An attempt counts before it is
-- looked at; one that is right takes its doors' rows away.
create table sign_in_attempts (
  door text primary key check (length(door) <= 100),
  failures int not null check (failures > 0),
  last_at timestamptz not null default now(),
  closed_until timestamptz
);
create index sign_in_attempts_by_age on sign_in_attempts (last_at);
grant select, insert, update, delete on sign_in_attempts to moltbot_app;

alter table prompt_versions drop constraint prompt_versions_author_check;
alter table prompt_versions add constraint prompt_versions_author_check check (author ~ '^(system|operator|api|agent|key)(:.{1,200})?$');

-- migrate:down
alter table prompt_versions drop constraint prompt_versions_author_check;
alter table prompt_versions add constraint prompt_versions_author_check
  check (author ~ '^(system|operator|agent)(:.{1,200})?$') not valid;
drop table sign_in_attempts;
alter table api_keys drop expires_at;
delete from sign_in_links;
delete from sessions;
alter table sign_in_links drop user_id;
alter table sessions drop user_id, drop opened_by, drop source, drop client, drop last_used_at;
drop table users;
