-- Kinds of replies that the knowledge base does not know: shapes, no one's words.
create table unmatched_replies (
  id         text primary key,
  reply      text    not null,
  count      integer not null,
  first_seen integer not null,
  last_seen  integer not null,
  transport  text    not null,
  message    text
) strict;

create index unmatched_replies_by_time on unmatched_replies (last_seen desc, id desc);
