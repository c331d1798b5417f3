-- How tightly institutions bind two states: organizations they share, treaties in force
-- between them, and what their alliances set up (A9, for P8).
-- kind: table
-- key: year, iso3_a, iso3_b
-- grain: one pair of states of the international system in one calendar year that has
--   any of the three
-- units: counts; percentiles 0 to 1
-- method: weighted mean of the percentiles, among all pairs of states of the system in
--   the year (core.system_members), of joint organizations (core.group_members without
--   alliances, a few and no list of all), treaties in force (trade agreements of
--   core.trade_agreement_dyads, and of mtdsg each multilateral treaty that binds both)
--   and institutionalization (the highest in indicators.alliance_scope of the alliances
--   that both belong to in the year), with weights of core.composite_weights; after
--   Ikenberry's notion of binding institutions. A pair that has none of a part is at 0,
--   which is known. Missing: the parts that are known, their weights made to add up to
--   1; null if fewer than two of three are. Treaties are known from the first year in
--   which one of them began to bind to the last, institutionalization from 1815 to
--   2018, organizations from the founding of the first in the list (1957), so that
--   years rest on different parts: look at part_count. A place among the pairs of a
--   year, no level. Sources: desta or mtdsg, atop, cowstates
-- trace core.trade_agreement_dyads: t.iso3_a = r.iso3_a and t.iso3_b = r.iso3_b
--   and r.year between t.first_year and t.last_year
-- column year: calendar year
-- column iso3_a: the state whose code comes first
-- column iso3_b: the other state
-- column joint_group_count [groups]: organizations and forums that both belong to on
--   any day of the year; null where not known
-- column treaty_count [treaties]: treaties in force between the two on any day of the
--   year; null where not known
-- column institutionalization [provisions]: 0 to 6; null where not known
-- column group_percentile [share]: share of the other pairs of the year with fewer
--   groups
-- column treaty_percentile [share]: the same for treaties
-- column institutionalization_percentile [share]: the same for institutionalization
-- column part_count [parts]: parts that are known
-- column binding: weighted mean of the percentiles that are known; null if part_count
--   is below 2
-- column pair_count [pairs]: pairs of states of the system in the year
with years as (
    select
        y.year,
        count(*) as state_count,
        count(*) * (count(*) - 1) // 2 as pair_count,
    from (
        select
            s.iso3,
            unnest(range(s.year_from, coalesce(s.year_to, e.last_year) + 1)) as year,
        from core.system_members as s
        cross join (
            select
                greatest(
                    (select max(t.first_year) from core.trade_agreement_dyads as t),
                    (select max(a.year) from indicators.alliance_scope as a)
                ) as last_year,
        ) as e
        where s.year_from <= e.last_year
    ) as y
    group by y.year
),

memberships as (
    select
        m.group_id,
        m.iso3,
        unnest(
            range(
                year(m.valid_from),
                coalesce(
                    year(m.valid_to - 1),
                    (select max(y.year) from years as y)
                ) + 1
            )
        ) as year,
    from core.group_members as m
    inner join core.groups as g
        on g.group_id = m.group_id
        and g.kind not in ('alliance', 'hub_and_spokes')
),

group_years as (
    select min(m.year) as first_year,
    from memberships as m
),

shared_groups as (
    select
        a.year,
        a.iso3 as iso3_a,
        b.iso3 as iso3_b,
        count(distinct a.group_id) as groups,
    from memberships as a
    inner join memberships as b
        on b.year = a.year
        and b.group_id = a.group_id
        and b.iso3 > a.iso3
    group by a.year, a.iso3, b.iso3
),

-- each treaty once a pair and spell, and then its first year and the year after it
bonds as (
    select
        t.iso3_a,
        t.iso3_b,
        t.first_year,
        t.last_year,
    from core.trade_agreement_dyads as t
    union all
    select
        a.iso3 as iso3_a,
        b.iso3 as iso3_b,
        year(greatest(a.valid_from, b.valid_from)) as first_year,
        coalesce(year(least(a.valid_to, b.valid_to) - 1), 9999) as last_year,
    from core.treaty_parties as a
    inner join core.treaty_parties as b
        on b.treaty_id = a.treaty_id
        and b.iso3 > a.iso3
        and b.source = 'mtdsg'
        and greatest(a.valid_from, b.valid_from)
            < coalesce(least(a.valid_to, b.valid_to), date '9999-12-31')
    where a.source = 'mtdsg'
),

treaty_years as (
    select
        min(b.first_year) as first_year,
        max(b.first_year) as last_year,
    from bonds as b
),

changes as (
    select
        c.iso3_a,
        c.iso3_b,
        c.year,
        sum(c.change) as change,
    from (
        select
            b.iso3_a,
            b.iso3_b,
            b.first_year as year,
            1 as change,
        from bonds as b
        union all
        select
            b.iso3_a,
            b.iso3_b,
            b.last_year + 1 as year,
            -1 as change,
        from bonds as b
    ) as c
    group by c.iso3_a, c.iso3_b, c.year
),

spells as (
    select
        c.iso3_a,
        c.iso3_b,
        c.year as first_year,
        lead(c.year, 1, 10000) over pair as next_year,
        sum(c.change) over pair as treaties,
    from changes as c
    window pair as (partition by c.iso3_a, c.iso3_b order by c.year)
),

treaties as (
    select
        s.iso3_a,
        s.iso3_b,
        unnest(range(s.first_year, least(s.next_year, y.last_year + 1))) as year,
        s.treaties,
    from spells as s
    cross join treaty_years as y
    where s.treaties > 0 and s.first_year <= y.last_year
),

allied as (
    select
        s.year,
        p.iso3 as iso3_a,
        q.iso3 as iso3_b,
        max(s.institutionalization) as institutions,
    from indicators.alliance_scope as s
    inner join core.treaty_parties as p
        on p.treaty_id = s.treaty_id
        and s.year >= year(p.valid_from)
        and s.year <= coalesce(year(p.valid_to - 1), 9999)
    inner join core.treaty_parties as q
        on q.treaty_id = s.treaty_id
        and q.iso3 > p.iso3
        and s.year >= year(q.valid_from)
        and s.year <= coalesce(year(q.valid_to - 1), 9999)
    where s.institutionalization > 0
    group by s.year, p.iso3, q.iso3
),

scope_years as (
    select
        min(a.year) as first_year,
        max(a.year) as last_year,
    from indicators.alliance_scope as a
),

found as (
    select
        f.year,
        f.iso3_a,
        f.iso3_b,
        case
            when any_value(f.year >= g.first_year) then coalesce(sum(f.groups), 0)
        end as joint_group_count,
        case
            when any_value(f.year between t.first_year and t.last_year)
                then coalesce(sum(f.treaties), 0)
        end as treaty_count,
        case
            when any_value(f.year between s.first_year and s.last_year)
                then coalesce(sum(f.institutions), 0)
        end as institutionalization,
    from (
        select
            g.year,
            g.iso3_a,
            g.iso3_b,
            g.groups,
            null as treaties,
            null as institutions,
        from shared_groups as g
        union all
        select
            t.year,
            t.iso3_a,
            t.iso3_b,
            null as groups,
            t.treaties,
            null as institutions,
        from treaties as t
        union all
        select
            a.year,
            a.iso3_a,
            a.iso3_b,
            null as groups,
            null as treaties,
            a.institutions,
        from allied as a
    ) as f
    cross join group_years as g
    cross join treaty_years as t
    cross join scope_years as s
    semi join core.system_members as x
        on x.iso3 = f.iso3_a
        and f.year between x.year_from and coalesce(x.year_to, 9999)
    semi join core.system_members as z
        on z.iso3 = f.iso3_b
        and f.year between z.year_from and coalesce(z.year_to, 9999)
    group by f.year, f.iso3_a, f.iso3_b
),

-- pairs without a row are those that have less than any with one
places as (
    select
        f.year,
        f.iso3_a,
        f.iso3_b,
        f.joint_group_count,
        f.treaty_count,
        f.institutionalization,
        y.pair_count,
        y.pair_count - count(*) over (partition by f.year) as absent,
        rank() over (partition by f.year order by f.joint_group_count) as group_rank,
        rank() over (partition by f.year order by f.treaty_count) as treaty_rank,
        rank() over (partition by f.year order by f.institutionalization)
            as institution_rank,
    from found as f
    inner join years as y
        on y.year = f.year
),

percentiles as (
    select
        p.year,
        p.iso3_a,
        p.iso3_b,
        p.joint_group_count,
        p.treaty_count,
        p.institutionalization,
        p.pair_count,
        case
            when p.joint_group_count is null then null
            when p.joint_group_count = 0 then 0
            else (p.absent + p.group_rank - 1) / nullif(p.pair_count - 1, 0)
        end as group_percentile,
        case
            when p.treaty_count is null then null
            when p.treaty_count = 0 then 0
            else (p.absent + p.treaty_rank - 1) / nullif(p.pair_count - 1, 0)
        end as treaty_percentile,
        case
            when p.institutionalization is null then null
            when p.institutionalization = 0 then 0
            else (p.absent + p.institution_rank - 1) / nullif(p.pair_count - 1, 0)
        end as institutionalization_percentile,
    from places as p
),

weights as (
    select
        max(w.weight) filter (where w.part = 'group') as of_group,
        max(w.weight) filter (where w.part = 'treaty') as of_treaty,
        max(w.weight) filter (where w.part = 'institutionalization')
            as of_institutionalization,
    from core.composite_weights as w
    where w.composite = 'institutional_binding'
)

select
    p.year::smallint as year,
    p.iso3_a,
    p.iso3_b,
    p.joint_group_count::integer as joint_group_count,
    p.treaty_count::integer as treaty_count,
    p.institutionalization::integer as institutionalization,
    p.group_percentile,
    p.treaty_percentile,
    p.institutionalization_percentile,
    (
        (p.group_percentile is not null)::integer
        + (p.treaty_percentile is not null)::integer
        + (p.institutionalization_percentile is not null)::integer
    ) as part_count,
    case
        when part_count >= 2
            then
                (
                    coalesce(w.of_group * p.group_percentile, 0)
                    + coalesce(w.of_treaty * p.treaty_percentile, 0)
                    + coalesce(
                        w.of_institutionalization * p.institutionalization_percentile, 0
                    )
                )
                / (
                    case when p.group_percentile is null then 0 else w.of_group end
                    + case when p.treaty_percentile is null then 0 else w.of_treaty end
                    + case
                        when p.institutionalization_percentile is null then 0
                        else w.of_institutionalization
                    end
                )
    end as binding,
    p.pair_count::integer as pair_count,
from percentiles as p
cross join weights as w
