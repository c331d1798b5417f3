-- Members of the ATOP project's alliances as spells: what core.treaty_parties has of
-- them.
-- kind: view
-- grain: one spell of one state as a party to one alliance
-- units: days
-- method: phases of raw.atop_members that follow upon each other, and numbers that mean
--   one state (260 and 255), make one spell; where a number begins to mean another state
--   (345 in 2003 and 2006) a spell is cut, and the later one is a succession. A spell
--   known to the month holds from its first day, or to its last: the precision says that
--   the day is a bound. Whoever entered after the alliance was formed acceded
-- trace raw.atop_members: 'atop:' || t.atopid = r.treaty_id
-- column treaty_id: the alliance, as in core.treaties
-- column source: atop
-- column iso3: the member
-- column valid_from [day]: first day of the spell; of the month where from_precision is
--   month
-- column valid_to [day]: first day after the spell: the day on which ATOP has it end, or
--   the first day of the next month where to_precision is month; null while it lasts
-- column from_precision [code]: day or month
-- column to_precision [code]: day, month, or open (in effect when the coding ended on 31
--   December 2018)
-- column action [code]: original, accession or succession
-- column ended_by [code]: fulfilled, violated, replaced (by a new relationship), censored
--   (a member ceased to exist), succession; null while it lasts
with phases as (
    select
        m.atopid,
        m.member,
        make_date(m.yrent, m.moent, coalesce(m.dayent, 1)) as entered,
        m.dayent is null as entered_in_month,
        case
            when m.yrexit is null then null
            when m.dayexit is null
                then make_date(m.yrexit, m.moexit, 1) + interval 1 month
            else make_date(m.yrexit, m.moexit, m.dayexit)
        end::date as exited,
        m.dayexit is null as exited_in_month,
        case
            when m.ineffect then null
            when m.term = 1 then 'fulfilled'
            when m.term = 2 then 'violated'
            when m.term = 3 then 'replaced'
            when m.term = 0 then 'censored'
        end as ended_by,
    from raw.atop_members as m
),

formed as (
    select
        p.atopid,
        min(p.entered) as formed_on,
    from phases as p
    group by p.atopid
),

parts as (
    select
        p.atopid,
        n.iso3,
        greatest(p.entered, n.valid_from) as valid_from,
        p.entered < n.valid_from as is_succession,
        p.entered_in_month and p.entered >= n.valid_from as from_month,
        coalesce(least(p.exited, n.valid_to), p.exited, n.valid_to) as valid_to,
        coalesce(n.valid_to < p.exited, n.valid_to is not null) as is_cut,
        p.exited_in_month as to_month,
        p.ended_by,
    from phases as p
    inner join raw.reference_state_names as n
        on n.scheme = 'cow'
        and n.value = p.member::varchar
        and n.status = 'state'
        and n.valid_from < coalesce(p.exited, date '9999-12-31')
        and p.entered < coalesce(n.valid_to, date '9999-12-31')
),

marked as (
    select
        p.atopid,
        p.iso3,
        p.valid_from,
        p.is_succession,
        p.from_month,
        p.valid_to,
        p.is_cut,
        p.to_month,
        p.ended_by,
        coalesce(
            p.valid_from > max(coalesce(p.valid_to, date '9999-12-31')) over (
                partition by p.atopid, p.iso3
                order by p.valid_from, p.valid_to
                rows between unbounded preceding and 1 preceding
            ),
            true
        ) as is_new,
    from parts as p
),

spells as (
    select
        m.atopid,
        m.iso3,
        m.valid_from,
        m.is_succession,
        m.from_month,
        m.valid_to,
        m.is_cut,
        m.to_month,
        m.ended_by,
        count(*) filter (where m.is_new) over (
            partition by m.atopid, m.iso3
            order by m.valid_from, m.valid_to
            rows unbounded preceding
        ) as spell,
    from marked as m
)

select
    'atop:' || s.atopid as treaty_id,
    'atop' as source,
    s.iso3,
    min(s.valid_from) as valid_from,
    nullif(max(coalesce(s.valid_to, date '9999-12-31')), date '9999-12-31') as valid_to,
    case when arg_min(s.from_month, s.valid_from) then 'month' else 'day' end
        as from_precision,
    case
        when max(coalesce(s.valid_to, date '9999-12-31')) = date '9999-12-31'
            then 'open'
        when
            arg_max(
                s.to_month and not s.is_cut, coalesce(s.valid_to, date '9999-12-31')
            )
            then 'month'
        else 'day'
    end as to_precision,
    case
        when arg_min(s.is_succession, s.valid_from) then 'succession'
        when min(s.valid_from) > any_value(f.formed_on) then 'accession'
        else 'original'
    end as action,
    case
        when to_precision = 'open' then null
        when arg_max(s.is_cut, coalesce(s.valid_to, date '9999-12-31'))
            then 'succession'
        else arg_max(s.ended_by, coalesce(s.valid_to, date '9999-12-31'))
    end as ended_by,
from spells as s
inner join formed as f
    on f.atopid = s.atopid
group by s.atopid, s.iso3, s.spell
