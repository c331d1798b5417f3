-- How often the members of a group or alliance come into conflict with outsiders, and with
-- each other (C2).
-- kind: table
-- key: group_id, source, year
-- grain: one group or alliance in one calendar year of one source, while it has members
-- units: members; conflicts that began in the year
-- method: conflicts that began in the year between a member and a state that is no member,
--   and between two members, divided by members; a conflict counts once however many
--   members are in it. Members are the states with a spell on any day of the year in
--   core.group_members, or in core.treaty_parties of an alliance (group_id is then the
--   treaty_id). Years are those that the source of conflicts covers
-- column group_id: a group of core.groups, or an alliance such as atop:3180
-- column source [code]: of the conflicts: mid (1816 to 2014) or ucdp (interstate, from
--   1946)
-- column year: calendar year
-- column member_count [states]: members
-- column external_count [conflicts]: with outsiders
-- column external_force_count [conflicts]: of these, those with use of force or war; null
--   in ucdp
-- column internal_count [conflicts]: between members
-- column internal_force_count [conflicts]: of these, those with use of force or war; null
--   in ucdp
-- column external_per_member: external_count/member_count
-- column internal_per_member: internal_count/member_count
with spells as (
    select
        m.group_id,
        m.iso3,
        year(m.valid_from) as first_year,
        coalesce(year(m.valid_to - 1), 9999) as last_year,
    from core.group_members as m
    union all
    select
        p.treaty_id as group_id,
        p.iso3,
        year(p.valid_from) as first_year,
        coalesce(year(p.valid_to - 1), 9999) as last_year,
    from core.treaty_parties as p
    inner join core.treaties as t
        on t.treaty_id = p.treaty_id
        and t.kind = 'alliance'
),

covered as (
    select
        c.source,
        min(c.year) as first_year,
        max(c.year) as last_year,
    from core.conflicts as c
    group by c.source
),

years as (
    select
        c.source,
        unnest(generate_series(c.first_year::bigint, c.last_year::bigint)) as year,
    from covered as c
),

members as (
    select distinct
        s.group_id,
        y.source,
        y.year,
        s.iso3,
    from spells as s
    inner join years as y
        on y.year between s.first_year and s.last_year
),

sizes as (
    select
        m.group_id,
        m.source,
        m.year,
        count(*) as member_count,
    from members as m
    group by m.group_id, m.source, m.year
),

onsets as (
    select
        d.source,
        d.conflict_id,
        d.year,
        d.iso3_a,
        d.iso3_b,
        coalesce(d.hostility >= 4, false) as with_force,
    from core.conflict_dyads as d
    where d.onset
),

ends as (
    select
        o.source,
        o.conflict_id,
        o.year,
        o.with_force,
        o.iso3_a as iso3,
        o.iso3_b as other_iso3,
    from onsets as o
    union all
    select
        o.source,
        o.conflict_id,
        o.year,
        o.with_force,
        o.iso3_b as iso3,
        o.iso3_a as other_iso3,
    from onsets as o
),

conflicts as (
    select
        m.group_id,
        m.source,
        m.year,
        e.conflict_id,
        x.iso3 is not null as is_internal,
        bool_or(e.with_force) as with_force,
    from members as m
    inner join ends as e
        on e.source = m.source
        and e.year = m.year
        and e.iso3 = m.iso3
    left join members as x
        on x.group_id = m.group_id
        and x.source = m.source
        and x.year = m.year
        and x.iso3 = e.other_iso3
    group by m.group_id, m.source, m.year, e.conflict_id, x.iso3 is not null
),

counts as (
    select
        c.group_id,
        c.source,
        c.year,
        count(*) filter (where not c.is_internal) as external_count,
        count(*) filter (where not c.is_internal and c.with_force) as external_force,
        count(*) filter (where c.is_internal) as internal_count,
        count(*) filter (where c.is_internal and c.with_force) as internal_force,
    from conflicts as c
    group by c.group_id, c.source, c.year
)

select
    s.group_id,
    s.source,
    s.year::smallint as year,
    s.member_count::integer as member_count,
    coalesce(c.external_count, 0)::integer as external_count,
    case when s.source = 'mid' then coalesce(c.external_force, 0)::integer end
        as external_force_count,
    coalesce(c.internal_count, 0)::integer as internal_count,
    case when s.source = 'mid' then coalesce(c.internal_force, 0)::integer end
        as internal_force_count,
    coalesce(c.external_count, 0) / s.member_count as external_per_member,
    coalesce(c.internal_count, 0) / s.member_count as internal_per_member,
from sizes as s
left join counts as c
    on c.group_id = s.group_id
    and c.source = s.source
    and c.year = s.year
