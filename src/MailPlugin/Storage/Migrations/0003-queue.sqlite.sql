-- A message: one row, which is rewritten at each attempt; its bytes stand apart and never change. Recipients and attempts are JSON inside
-- the row: they are always read and written with it, and one row is what the hot path can afford.
create table messages (
  key           integer primary key,
  id            text    not null unique,  -- sorts by time
  message_id    text    not null,
  status        integer not null,         -- from the recipients alone; a lease is what makes it "sending"
  lane          integer not null,
  stream        text    not null,         -- source and bound transport: what waits together
  due           integer,                  -- when it may be claimed (again); null: finished
  lease         integer,                  -- fencing token of the claim that holds it; its end is in due
  created_at    integer not null,
  expires_at    integer not null,
  held_base     integer not null,         -- what the hold clock said at created_at; the expiry moves with it
  tries         integer not null,
  flags         integer not null,
  size          integer not null,
  owner         text    not null,
  subject       text    not null,
  subject_key   text    not null,
  from_address  text    not null,
  from_name     text,
  envelope_from text,
  recipients    text    not null,
  attempts      text,
  last_transport text,
  template      text,
  dsn           text,
  metadata      text,
  resent_from   text,
  resent_to     text
) strict;

-- The claim reads nothing else to find its messages: one seek a stream, then rows in order of due.
create index messages_due on messages (lane, stream, due, lease) where due is not null;

-- Statuses that people look for; queued and sent are the crowd and stay out of the hot path.
create index messages_by_status on messages (status) where status not in (0, 3);
create index messages_by_subject on messages (subject_key);

create table message_contents (
  key    integer primary key,
  header blob not null,
  body   blob not null
) strict;

create table message_recipients (
  address text    not null,
  key     integer not null,
  primary key (address, key)
) strict, without rowid;

create table idempotency (
  scope      text    not null,
  name       text    not null,
  hash       blob    not null,
  created_at integer not null,
  id         text    not null,
  message_id text    not null,
  status     integer not null,
  reason     text,
  primary key (scope, name)
) strict, without rowid;

create index idempotency_by_time on idempotency (created_at);

-- How many messages there are in each status and how many bytes; kept by the commits that change them.
create table queue_totals (
  status integer primary key,
  count  integer not null,
  bytes  integer not null
) strict;

-- What became of recipients, by minute; hours once they are old.
create table delivery_counts (
  at        integer not null,
  span      integer not null,
  transport text    not null,
  outcome   integer not null,
  count     integer not null,
  primary key (span, at, transport, outcome)
) strict, without rowid;

create table suppressions (
  address    text    primary key,
  reason     text    not null,
  source     text    not null,
  created_at integer not null,
  expires_at integer
) strict;

create index suppressions_by_time on suppressions (created_at desc, address desc);
