-- What administrators made of templates: a row for each version, the newest of a name and locale in force; a row without a document took the edit back.
create table template_versions (
  name       text    not null,
  number     integer not null,  -- counted for the name, over all locales
  locale     text    not null,  -- empty for the layout
  updated_at integer not null,
  updated_by text    not null,
  act        integer not null,
  document   text,
  primary key (name, number)
) strict;

create index template_versions_by_locale on template_versions (name, locale, number);

create table template_options (
  name       text primary key,
  version    integer not null,
  updated_at integer not null,
  updated_by text    not null,
  document   text    not null
) strict;
