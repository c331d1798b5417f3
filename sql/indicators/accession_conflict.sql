-- Whether conflict rose or fell around a state's accession to a group: an event study,
-- ten years to each side (C1 at the state, for P11).
-- kind: table
-- key: group_id, iso3, joined_on, source, years_since
-- grain: one accession of one state to one group, by source of conflicts and years
--   since; only years that the source covers and in which the state existed
-- units: conflicts that began in the year; pairs
-- method: accessions are the spells of core.group_members, founders included
--   (is_founder). A conflict counts in the year in which it began for the state
--   (core.conflict_dyads, onset), once however many are on the other side. The rate of
--   its region (indicators.conflict_rate, all pairs, version 2026) shows what happened
--   around it meanwhile. States join when the times change, and not at random: before
--   and after is no effect of joining. mid ends in 2014, so that enlargements after
--   2004 have a short after. Sources: mid or ucdp
-- trace core.conflict_dyads: t.source = r.source and t.year = r.year and t.onset
--   and r.iso3 in (t.iso3_a, t.iso3_b)
-- trace indicators.conflict_rate: t.region_version = '2026' and t.tie = 'all'
--   and t.source = r.source and t.region_id = r.region_id and t.year = r.year
-- column group_id: the group
-- column iso3: the state that joined
-- column joined_on [day]: first day of membership
-- column is_founder: whether it is among the first members of the group
-- column source [code]: of the conflicts: mid or ucdp (between states)
-- column years_since [years]: year less that of accession, -10 to 10
-- column year: calendar year
-- column onset_count [conflicts]: that began for the state in the year
-- column force_onset_count [conflicts]: of these, those with use of force or war; null
--   in ucdp
-- column member_onset_count [conflicts]: of onset_count, those with a state on the
--   other side that is a member of the group in the year
-- column outsider_onset_count [conflicts]: those with one on the other side that is
--   none
-- column region_id: region of the state on 1 July; null if it has none
-- column region_dyad_count [pairs]: pairs of states of the region
-- column region_onset_count [pairs]: of these, pairs with an onset
-- column region_conflict_rate [per thousand]: 1000 x
--   region_onset_count/region_dyad_count
with covered as (
    select
        c.source,
        min(c.year) as first_year,
        max(c.year) as last_year,
    from core.conflict_dyads as c
    group by c.source
),

accessions as (
    select
        m.group_id,
        m.iso3,
        m.valid_from as joined_on,
        m.valid_from = min(m.valid_from) over (partition by m.group_id) as is_founder,
    from core.group_members as m
),

panel as (
    select
        a.group_id,
        a.iso3,
        a.joined_on,
        a.is_founder,
        c.source,
        o.years_since,
        year(a.joined_on) + o.years_since as year,
    from accessions as a
    cross join covered as c
    cross join (select unnest(range(-10, 11)) as years_since) as o
    where year(a.joined_on) + o.years_since between c.first_year and c.last_year
),

sides as (
    select
        c.source,
        c.year,
        c.conflict_id,
        s.iso3,
        s.other_iso3,
        c.hostility >= 4 as with_force,
    from core.conflict_dyads as c
    cross join lateral (
        select
            c.iso3_a as iso3,
            c.iso3_b as other_iso3,
        union all
        select
            c.iso3_b as iso3,
            c.iso3_a as other_iso3,
    ) as s
    where c.onset
),

onsets as (
    select
        p.group_id,
        p.iso3,
        p.joined_on,
        p.source,
        p.years_since,
        count(distinct s.conflict_id) as onset_count,
        count(distinct s.conflict_id) filter (where s.with_force) as force_onset_count,
        count(distinct s.conflict_id) filter (where m.iso3 is not null)
            as member_onset_count,
        count(distinct s.conflict_id) filter (where m.iso3 is null)
            as outsider_onset_count,
    from panel as p
    inner join sides as s
        on s.source = p.source
        and s.year = p.year
        and s.iso3 = p.iso3
    left join core.group_members as m
        on m.group_id = p.group_id
        and m.iso3 = s.other_iso3
        and p.year >= year(m.valid_from)
        and p.year <= coalesce(year(m.valid_to - 1), 9999)
    group by p.group_id, p.iso3, p.joined_on, p.source, p.years_since
)

select
    p.group_id,
    p.iso3,
    p.joined_on,
    p.is_founder,
    p.source,
    p.years_since::smallint as years_since,
    p.year::smallint as year,
    coalesce(o.onset_count, 0)::integer as onset_count,
    case when p.source = 'mid' then coalesce(o.force_onset_count, 0) end::integer
        as force_onset_count,
    coalesce(o.member_onset_count, 0)::integer as member_onset_count,
    coalesce(o.outsider_onset_count, 0)::integer as outsider_onset_count,
    g.region_id,
    r.dyad_count as region_dyad_count,
    r.onset_count as region_onset_count,
    r.conflict_rate as region_conflict_rate,
from panel as p
semi join core.states as s
    on s.iso3 = p.iso3
    and s.kind = 'state'
    and p.year >= year(s.valid_from)
    and p.year <= coalesce(year(s.valid_to - 1), 9999)
left join onsets as o
    on o.group_id = p.group_id
    and o.iso3 = p.iso3
    and o.joined_on = p.joined_on
    and o.source = p.source
    and o.years_since = p.years_since
left join core.region_members as g
    on g.region_version = '2026'
    and g.is_primary
    and g.iso3 = p.iso3
    and make_date(p.year::bigint, 7, 1) >= g.valid_from
    and (g.valid_to is null or make_date(p.year::bigint, 7, 1) < g.valid_to)
left join indicators.conflict_rate as r
    on r.region_version = g.region_version
    and r.region_id = g.region_id
    and r.source = p.source
    and r.tie = 'all'
    and r.year = p.year
