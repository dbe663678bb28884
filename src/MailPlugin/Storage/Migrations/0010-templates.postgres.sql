-- The tables of 0010-templates.sqlite.sql.
create table template_versions (
  name       text collate "C" not null,
  number     bigint           not null,
  locale     text collate "C" not null,
  updated_at bigint           not null,
  updated_by text collate "C" not null,
  act        bigint           not null,
  document   text collate "C",
  primary key (name, number)
);

create index template_versions_by_locale on template_versions (name, locale, number);

create table template_options (
  name       text collate "C" primary key,
  version    bigint           not null,
  updated_at bigint           not null,
  updated_by text collate "C" not null,
  document   text collate "C" not null
);
