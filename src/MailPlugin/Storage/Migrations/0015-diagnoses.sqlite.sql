-- What the connection doctor found. A diagnosis is one compressed document: it is written once and read as a whole.
create table diagnoses (
  id        text primary key,
  at        integer not null,
  transport text    not null,
  draft     integer not null,
  document  blob    not null
) strict;

create index diagnoses_by_time on diagnoses (at desc, id desc);
