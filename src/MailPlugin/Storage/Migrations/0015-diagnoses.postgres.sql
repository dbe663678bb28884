create table diagnoses (
  id        text collate "C" primary key,
  at        bigint           not null,
  transport text collate "C" not null,
  draft     bigint           not null,
  document  bytea            not null
);

-- Compressed already.
alter table diagnoses alter column document set storage external;

create index diagnoses_by_time on diagnoses (at desc, id desc);
