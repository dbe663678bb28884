-- Tokens of relays that take no password, protected, by what they are bound to.
create table oauth_tokens (
  binding    text primary key,
  transport  text    not null,
  data       blob    not null,
  updated_at integer not null
) strict;

-- Sign-ins at providers that have begun: taken out when the browser comes back.
create table oauth_authorizations (
  state_hash blob primary key,
  created_at integer not null,
  data       blob    not null
) strict;
