create table transcripts (
  id         text collate "C" primary key,
  at         bigint           not null,
  transport  text collate "C" not null,
  message_id text collate "C",
  outcome    text collate "C" not null,
  line_count bigint           not null,
  truncated  bigint           not null,
  bytes      bigint           not null,
  lines      bytea            not null
);

-- Compressed already.
alter table transcripts alter column lines set storage external;

create index transcripts_by_time on transcripts (at desc, id desc);
create index transcripts_by_message on transcripts (message_id) where message_id is not null;
