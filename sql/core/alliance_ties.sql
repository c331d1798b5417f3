-- What one state owed another by their alliances in one year, by who coded it.
-- kind: table
-- key: coding, year, provider_iso3, receiver_iso3
-- grain: one ordered pair of states allied on any day of one calendar year, by coding
-- units: none
-- method: directed, provider to receiver. atop: each member of a phase of an alliance
--   owes every other member what its row of raw.atop_members says, while both belong;
--   the day on which one leaves counts, the day on which another enters is after it.
--   cow: raw.cow_alliance_dyads, either order taken as both. treaty: for the years after
--   2018, which no coding reaches, members of the alliances in core.group_members owe
--   each other what raw.reference_alliance_terms restates; all other alliances are
--   missing there, so years of this coding are not comparable with those of atop. A
--   number means the state that it means on 1 July. A row in which all is false is of
--   partners in an alliance who owe each other nothing
-- column coding [code]: atop (1815-2018), cow (1816-2012) or treaty (from 2019 to the
--   last year in which a membership is known to have begun or ended)
-- column year: calendar year
-- column provider_iso3: the state that owes
-- column receiver_iso3: the state to which it is owed
-- column defense: assistance if attacked
-- column offense: assistance in an attack; null in cow, which does not code it
-- column neutrality: staying out of the other's conflicts
-- column nonaggression: no force against the other. In atop most ties are only this
-- column consultation: consultation in a crisis; in cow an entente
-- column alliance_count [alliances]: alliances that the two share
-- column is_ambiguous: whether one of them has a provider who owes different members
--   different things, of which atop codes the union: the row may say too much
with phases as (
    select
        m.atopid,
        m.phase,
        m.member::varchar as number,
        m.yrent,
        make_date(m.yrent, m.moent, coalesce(m.dayent, 1)) as entered,
        coalesce(m.yrexit, 2018) as last_year,
        coalesce(
            case
                when m.dayexit is null
                    then make_date(m.yrexit, m.moexit, 1) + interval 1 month
                else make_date(m.yrexit, m.moexit, m.dayexit)
            end::date,
            date '9999-12-31'
        ) as exited,
        m.defense,
        m.offense,
        m.neutral,
        m.nonagg,
        m.consul,
        m.obvary,
    from raw.atop_members as m
),

atop_years as (
    select
        p.atopid,
        p.number as provider,
        r.number as receiver,
        unnest(
            range(greatest(p.yrent, r.yrent), least(p.last_year, r.last_year) + 1)
        )::smallint as year,
        p.defense,
        p.offense,
        p.neutral,
        p.nonagg,
        p.consul,
        p.obvary,
    from phases as p
    inner join phases as r
        on r.atopid = p.atopid
        and r.phase = p.phase
        and r.number <> p.number
    where greatest(p.entered, r.entered) < least(p.exited, r.exited)
),

numbers as (
    select
        n.value as number,
        n.iso3,
        n.valid_from,
        coalesce(n.valid_to, date '9999-12-31') as valid_to,
    from raw.reference_state_names as n
    where n.scheme = 'cow' and n.status = 'state'
),

members as (
    select
        g.group_id,
        g.iso3,
        unnest(
            range(
                greatest(year(g.valid_from), 2019),
                coalesce(
                    year(g.valid_to - 1),
                    (
                        select
                            max(
                                greatest(
                                    year(l.valid_from),
                                    coalesce(year(l.valid_to), 0)
                                )
                            ),
                        from core.group_members as l
                    )
                ) + 1
            )
        )::smallint as year,
    from core.group_members as g
),

ties as (
    select
        'atop' as coding,
        y.year,
        a.iso3 as provider_iso3,
        b.iso3 as receiver_iso3,
        y.defense,
        y.offense,
        y.neutral as neutrality,
        y.nonagg as nonaggression,
        y.consul as consultation,
        y.atopid::varchar as alliance,
        y.obvary as is_ambiguous,
    from atop_years as y
    inner join numbers as a
        on a.number = y.provider
        and make_date(y.year, 7, 1) >= a.valid_from
        and make_date(y.year, 7, 1) < a.valid_to
    inner join numbers as b
        on b.number = y.receiver
        and make_date(y.year, 7, 1) >= b.valid_from
        and make_date(y.year, 7, 1) < b.valid_to
    union all
    select
        'cow' as coding,
        c.year,
        o.provider_iso3,
        o.receiver_iso3,
        c.defense,
        null::boolean as offense,
        c.neutrality,
        c.nonaggression,
        c.entente as consultation,
        c.version4id::varchar as alliance,
        false as is_ambiguous,
    from raw.cow_alliance_dyads as c
    cross join lateral (
        select
            c.iso3_1 as provider_iso3,
            c.iso3_2 as receiver_iso3,
        union all
        select
            c.iso3_2 as provider_iso3,
            c.iso3_1 as receiver_iso3,
    ) as o
    union all
    select
        'treaty' as coding,
        p.year,
        p.iso3 as provider_iso3,
        r.iso3 as receiver_iso3,
        t.defense,
        t.offense,
        t.neutrality,
        t.nonaggression,
        t.consultation,
        t.group_id as alliance,
        false as is_ambiguous,
    from raw.reference_alliance_terms as t
    inner join members as p
        on p.group_id = t.group_id
        and (t.provider_iso3 = '*' or p.iso3 = t.provider_iso3)
    inner join members as r
        on r.group_id = t.group_id
        and r.year = p.year
        and (t.receiver_iso3 = '*' or r.iso3 = t.receiver_iso3)
)

select
    t.coding,
    t.year,
    t.provider_iso3,
    t.receiver_iso3,
    bool_or(t.defense) as defense,
    bool_or(t.offense) as offense,
    bool_or(t.neutrality) as neutrality,
    bool_or(t.nonaggression) as nonaggression,
    bool_or(t.consultation) as consultation,
    count(distinct t.alliance)::integer as alliance_count,
    bool_or(t.is_ambiguous) as is_ambiguous,
from ties as t
where t.provider_iso3 <> t.receiver_iso3
group by t.coding, t.year, t.provider_iso3, t.receiver_iso3
