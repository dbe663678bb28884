-- Settings: one row a version; the highest is in force. Secrets stand apart, protected by Data Protection.
create table settings (
  version    integer primary key,
  updated_at integer not null,
  updated_by text    not null,
  document   text    not null,
  secrets    blob
) strict;

-- API keys: only a hash; the prefix helps people to tell them apart.
create table api_keys (
  id              text primary key,
  name            text    not null,
  hash            blob    not null unique,
  scopes          text    not null,
  from_addresses  text,
  rate_per_minute integer,
  created_at      integer not null,
  expires_at      integer,
  last_used_at    integer,
  revoked_at      integer
) strict;

-- Sign-ins of the page: server-side, so that signing out and revoking a key end them.
create table sign_ins (
  id           text primary key,
  token_hash   blob    not null unique,
  csrf_token   text    not null,
  key_id       text    not null,
  created_at   integer not null,
  last_seen_at integer not null,
  address      text
) strict;

create table audit (
  id     integer primary key,
  at     integer not null,
  who    text    not null,
  action text    not null,
  target text,
  detail text
) strict;

-- Small state apart from settings, such as the debug switch.
create table state (
  name  text primary key,
  value text not null
) strict;
