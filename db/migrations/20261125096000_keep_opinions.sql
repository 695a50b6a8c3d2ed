-- migrate:up

-- What the filter's optional model has said of a text. The version names the filter and the model, so that a new one of either asks again.
create table filter_opinions (
  version text not null check (octet_length(version) between 1 and 400),
  content_hash text not null check (octet_length(decode(content_hash, 'hex')) = 32 and content_hash = lower(content_hash)),
  score real not null check (score between 0 and 1),
  created_at timestamptz not null default now(),
  primary key (version, content_hash)
);
create index filter_opinions_created_at on filter_opinions (created_at);
grant select, insert, delete on filter_opinions to moltbot_app;

-- migrate:down
drop table filter_opinions;
