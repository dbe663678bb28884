-- A claim, a renewal and an outcome each leave a dead row behind; a queue is fast while those are few. So they are cleared away after some thousands, however many finished rows there are, and without
-- the pauses that are meant for large tables.
alter table messages set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0,
  autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 20000);
alter table message_contents set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000, toast.autovacuum_vacuum_scale_factor = 0, toast.autovacuum_vacuum_threshold = 20000);
alter table message_recipients set (autovacuum_vacuum_scale_factor = 0.02);

-- A few rows that every commit changes: their old versions are reused within the page (nothing of them that changes is indexed), and pages stay few.
alter table queue_totals set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500, autovacuum_vacuum_cost_delay = 0);
alter table delivery_counts set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_cost_delay = 0);
alter table nodes set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 200);
alter table node_locks set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 200);
alter table state set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 200);

-- What waits in the order in which it came, for the search for what has expired: the finished are left out.
create index messages_open on messages (key) where due is not null;
