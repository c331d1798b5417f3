create schema raw;
create schema core;
create schema indicators;
create schema checks;
create schema meta;

create table meta.release (
    id varchar not null,
    previous varchar,
    run_id varchar not null,
    program varchar not null,
    views varchar not null,
);
comment on table meta.release is 'The release that this file belongs to: one row.';
comment on column meta.release.id is 'name of the release''s folder';
comment on column meta.release.previous is
    'release that was current before, null for the first';
comment on column meta.release.run_id is 'run that made the release';
comment on column meta.release.program is
    'version and hash of the program that made it';
comment on column meta.release.views is 'SHA-256 of all SQL definitions, hexadecimal';

create table meta.runs (
    run_id varchar not null,
    schedule varchar,
    scheduled_at timestamp,
    attempt integer,
    cause varchar,
    sources varchar not null,
    started_at timestamp not null,
    finished_at timestamp,
    outcome varchar not null,
    release varchar,
    error varchar,
    program varchar not null,
);
comment on table meta.runs is
    'The newest 1,000 runs up to the one that made this release, and runs that were due and did not take place.';
comment on column meta.runs.run_id is 'name of the run';
comment on column meta.runs.schedule is 'job that the service ran, null for a run by hand';
comment on column meta.runs.scheduled_at is
    'when the run was due, null for a run by hand [UTC]';
comment on column meta.runs.attempt is
    'which attempt it was, from 1, null for a run by hand';
comment on column meta.runs.cause is
    'schedule, catch-up (it was missed) or retry (it had failed), null for a run by hand';
comment on column meta.runs.sources is 'sources that were asked, or were to be';
comment on column meta.runs.started_at is
    'when the run started; of one that did not take place, when that was noted [UTC]';
comment on column meta.runs.finished_at is
    'when it ended, null if it was cut off or did not take place [UTC]';
comment on column meta.runs.outcome is
    'published, unchanged (nothing was new), failed, interrupted, missed (nothing ran it) or skipped (the run before was not over)';
comment on column meta.runs.release is 'release that it published or found current';
comment on column meta.runs.error is 'why it failed or did not take place';
comment on column meta.runs.program is 'version and hash of the program';

create table meta.sources (
    source varchar not null,
    title varchar,
    publisher varchar,
    homepage varchar,
    licence varchar,
    licence_url varchar,
    citation varchar,
    automated boolean not null,
    max_reject_share double not null,
);
comment on table meta.sources is
    'One row per upstream: who publishes it, on what terms, how to cite it.';
comment on column meta.sources.source is 'name of the source, as in every other table';
comment on column meta.sources.title is 'title that the publisher gives';
comment on column meta.sources.publisher is 'who publishes it';
comment on column meta.sources.homepage is 'page that describes it';
comment on column meta.sources.licence is 'licence, or the terms in words';
comment on column meta.sources.licence_url is 'text of the licence or terms';
comment on column meta.sources.citation is 'how to cite it';
comment on column meta.sources.automated is
    'whether the terms allow automated download';
comment on column meta.sources.max_reject_share is
    'share of rejected rows above which a run fails [share]';

create table meta.snapshots (
    source varchar not null,
    file varchar not null,
    sha256 varchar not null,
    bytes bigint not null,
    url varchar,
    version varchar,
    outcome varchar,
    fetched_at timestamp,
    checked_at timestamp,
    etag varchar,
    last_modified varchar,
);
comment on table meta.snapshots is
    'One row per upstream file that went into this release.';
comment on column meta.snapshots.source is 'source that the file belongs to';
comment on column meta.snapshots.file is
    'name of the file, as in source_file of raw tables';
comment on column meta.snapshots.sha256 is
    'SHA-256 of the bytes as published, hexadecimal';
comment on column meta.snapshots.bytes is 'size [bytes]';
comment on column meta.snapshots.url is 'address that it was downloaded from';
comment on column meta.snapshots.version is 'the upstream''s own name for the edition';
comment on column meta.snapshots.outcome is
    'how the file came: downloaded, unchanged, imported, embedded or offline';
comment on column meta.snapshots.fetched_at is 'when these bytes first came [UTC]';
comment on column meta.snapshots.checked_at is
    'when the upstream last confirmed them [UTC]';
comment on column meta.snapshots.etag is 'the upstream''s validator';
comment on column meta.snapshots.last_modified is
    'the upstream''s date of the last change, as it wrote it';

create table meta.licences (
    source varchar not null,
    licence varchar,
    licence_url varchar,
    publisher varchar,
    citation varchar,
);
comment on table meta.licences is
    'One row per source: what its terms ask of those who pass its data on.';
comment on column meta.licences.source is 'name of the source';
comment on column meta.licences.licence is 'licence, or the terms in words';
comment on column meta.licences.licence_url is 'text of the licence or terms';
comment on column meta.licences.publisher is 'who is to be named';
comment on column meta.licences.citation is 'how to cite it';

create table meta.row_accounts (
    table_name varchar not null,
    source varchar,
    read_count bigint not null,
    loaded_count bigint not null,
    quarantined_count bigint not null,
    duplicate_count bigint not null,
    filtered_count bigint not null,
);
comment on table meta.row_accounts is
    'One row per table of the lake: what became of its rows; the parts add up to read.';
comment on column meta.row_accounts.table_name is
    'schema and name of the table, such as raw.unga_votes';
comment on column meta.row_accounts.source is
    'source of a raw table, null for tables made from others';
comment on column meta.row_accounts.read_count is 'rows read [rows]';
comment on column meta.row_accounts.loaded_count is 'rows in the table [rows]';
comment on column meta.row_accounts.quarantined_count is
    'rows set aside in meta.quarantine [rows]';
comment on column meta.row_accounts.duplicate_count is
    'rows equal in every value to one that was kept [rows]';
comment on column meta.row_accounts.filtered_count is
    'rows left out by the rules in meta.row_filters [rows]';

create table meta.row_filters (
    table_name varchar not null,
    rule varchar not null,
    filtered_count bigint not null,
);
comment on table meta.row_filters is
    'One row per table and rule: rows that were left out on purpose.';
comment on column meta.row_filters.table_name is 'schema and name of the table';
comment on column meta.row_filters.rule is 'why the rows were left out';
comment on column meta.row_filters.filtered_count is 'rows left out by the rule [rows]';

create table meta.quarantine (
    source varchar,
    table_name varchar,
    file varchar,
    sha256 varchar,
    line bigint,
    byte_offset bigint,
    reason varchar,
    raw blob,
);
comment on table meta.quarantine is
    'One row per row of an upstream file that could not be loaded.';
comment on column meta.quarantine.source is 'source that the row belongs to';
comment on column meta.quarantine.table_name is 'table that it was read for';
comment on column meta.quarantine.file is 'file of the snapshot';
comment on column meta.quarantine.sha256 is 'SHA-256 of the file, hexadecimal';
comment on column meta.quarantine.line is
    'line on which the row begins, counted from 1 with the header [line]';
comment on column meta.quarantine.byte_offset is
    'position of its first byte in the file [bytes]';
comment on column meta.quarantine.reason is
    'what is wrong with it, and with which value';
comment on column meta.quarantine.raw is 'its bytes as published';

create table meta.checks (
    name varchar not null,
    level varchar not null,
    description varchar not null,
    offending_count bigint not null,
);
comment on table meta.checks is
    'One row per check; its offending rows are in the view checks.<name>.';
comment on column meta.checks.name is
    'name of the check and of its view in schema checks';
comment on column meta.checks.level is 'error: stops publication; warning: does not';
comment on column meta.checks.description is 'what an offending row is';
comment on column meta.checks.offending_count is 'offending rows [rows]';

create table meta.columns (
    schema_name varchar not null,
    table_name varchar not null,
    kind varchar not null,
    table_description varchar not null,
    position integer not null,
    column_name varchar not null,
    data_type varchar,
    unit varchar,
    description varchar not null,
);
comment on table meta.columns is
    'One row per column of every table, view, macro and check: the dictionary.';
comment on column meta.columns.schema_name is 'schema';
comment on column meta.columns.table_name is 'table, view, macro or check';
comment on column meta.columns.kind is 'table, view, macro or check';
comment on column meta.columns.table_description is 'what the table holds';
comment on column meta.columns.position is 'place of the column, counted from 1';
comment on column meta.columns.column_name is 'column';
comment on column meta.columns.data_type is
    'type as DuckDB names it, null where a macro''s arguments decide';
comment on column meta.columns.unit is 'unit, null for text, codes and flags';
comment on column meta.columns.description is 'what the column holds';
