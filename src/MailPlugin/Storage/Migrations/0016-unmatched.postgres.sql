create table unmatched_replies (
  id         text collate "C" primary key,
  reply      text             not null,
  count      bigint           not null,
  first_seen bigint           not null,
  last_seen  bigint           not null,
  transport  text collate "C" not null,
  message    text collate "C"
);

create index unmatched_replies_by_time on unmatched_replies (last_seen desc, id desc);
