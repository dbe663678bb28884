create table oauth_tokens (
  binding    text collate "C" primary key,
  transport  text collate "C" not null,
  data       bytea            not null,
  updated_at bigint           not null
);

create table oauth_authorizations (
  state_hash bytea  primary key,
  created_at bigint not null,
  data       bytea  not null
);
