-- The tables that no definition makes, as the sources declare them.
create table raw.unga_votes (
    undl_id bigint, iso3 varchar, ms_code varchar, ms_name varchar, ms_vote varchar, date date,
    year smallint, session varchar, resolution varchar, draft varchar, committee_report varchar,
    meeting varchar, title varchar, agenda_title varchar, subjects varchar, vote_note varchar,
    total_yes smallint, total_no smallint, total_abstentions smallint,
    total_non_voting smallint, total_ms smallint, undl_link varchar,
    source_file varchar, source_line bigint, source_offset bigint, source_length integer
);
create table raw.unsc_votes (
    undl_id bigint, iso3 varchar, ms_code varchar, ms_name varchar, permanent_member boolean,
    ms_vote varchar, date date, year smallint, resolution varchar, draft varchar,
    meeting varchar, description varchar, agenda varchar, subjects varchar, vote_note varchar,
    total_yes smallint, total_no smallint, total_abstentions smallint,
    total_non_voting smallint, total_ms smallint, modality varchar, undl_link varchar,
    source_file varchar, source_line bigint, source_offset bigint, source_length integer
);
create table raw.sciencespo_drafts (
    vote_number integer, classification varchar, outcome varchar, outcome_typology varchar,
    resolution_number varchar, date date, year smallint, title varchar, title_short varchar,
    yes_count smallint, no_count smallint, abstain_count smallint, nonvoting_count smallint,
    total_count smallint, veto_count smallint,
    source_file varchar, source_line bigint, source_offset bigint, source_length integer
);
create table raw.sciencespo_votes (
    vote_number integer, iso3 varchar, state_name varchar, vote varchar,
    source_file varchar, source_line bigint, source_offset bigint, source_length integer
);
create table raw.sc_vetoes (
    id integer, draft varchar, date date, year smallint, meeting_record varchar,
    agenda varchar, short_agenda varchar, veto_count smallint, china boolean,
    russian_federation boolean, france boolean, united_states boolean, united_kingdom boolean,
    url varchar, last_update varchar,
    source_file varchar, source_line bigint, source_offset bigint, source_length integer
);
create table raw.voeten_votes (
    rcid integer, ccode smallint, iso3 varchar, member boolean, vote tinyint, country varchar,
    country_name varchar, year smallint, session smallint, abstain_count smallint,
    yes_count smallint, no_count smallint, importantvote boolean, date date, unres varchar,
    amend boolean, para boolean, short varchar, descr varchar, me boolean, nu boolean,
    di boolean, hr boolean, co boolean, ec boolean, resid varchar,
    source_file varchar, source_line bigint, source_offset bigint, source_length integer
);
create table raw.voeten_ideal_points (
    ccode smallint, iso3 varchar, country_name varchar, iso3c varchar, session smallint,
    year smallint, vote_count smallint, ideal_point double, q05 double, q10 double, q50 double,
    q90 double, q95 double, q0 double, q100 double,
    source_file varchar, source_line bigint, source_offset bigint, source_length integer
);
create table raw.reference_states (
    iso3 varchar, name varchar, valid_from date, valid_to date, cow smallint, gw smallint,
    m49 smallint, comtrade smallint, imf varchar, un_member_from date, un_member_to date,
    region varchar, successor_iso3 varchar, note varchar,
    source_file varchar, source_line bigint, source_offset bigint, source_length integer
);
create table raw.reference_state_names (
    scheme varchar, value varchar, valid_from date, valid_to date, iso3 varchar,
    status varchar, note varchar,
    source_file varchar, source_line bigint, source_offset bigint, source_length integer
);
create table raw.reference_groups (
    group_id varchar, name varchar, kind varchar, note varchar, source varchar,
    source_file varchar, source_line bigint, source_offset bigint, source_length integer
);
create table raw.reference_group_members (
    group_id varchar, iso3 varchar, valid_from date, valid_to date, source varchar,
    source_file varchar, source_line bigint, source_offset bigint, source_length integer
);
