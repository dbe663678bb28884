-- Who is alive, by the database's clock.
create table nodes (
  id         text collate "C" primary key,
  name       text collate "C" not null,
  started_at bigint           not null,
  seen_at    bigint           not null
) with (fillfactor = 50);

-- What only one of them may do at a time.
create table node_locks (
  name  text collate "C" primary key,
  token bigint           not null,
  until bigint           not null
) with (fillfactor = 50);

-- What has changed that nodes keep in memory.
create table changes (
  topic   text collate "C" primary key,
  version bigint           not null
) with (fillfactor = 50);

-- The keys of Data Protection, which are files where there is one node.
create table key_ring (
  name      text collate "C" primary key,
  document  text             not null,
  stored_at bigint           not null
);
