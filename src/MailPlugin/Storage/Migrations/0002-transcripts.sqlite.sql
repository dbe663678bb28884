-- What was said on the wire. Lines are one compressed document: they are written and read as a whole.
create table transcripts (
  id         text primary key,
  at         integer not null,
  transport  text    not null,
  message_id text,
  outcome    text    not null,
  line_count integer not null,
  truncated  integer not null,
  bytes      integer not null,
  lines      blob    not null
) strict;

create index transcripts_by_time on transcripts (at desc, id desc);
create index transcripts_by_message on transcripts (message_id) where message_id is not null;
