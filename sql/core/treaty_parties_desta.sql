-- Members of the DESTA project's trade agreements as spells: what core.treaty_parties has
-- of them.
-- kind: view
-- grain: one spell of one state as a party to one agreement in force
-- units: days
-- method: a spell counts from entry into force, never from signature: an agreement whose
--   year of entry into force DESTA does not have has no spell. Whoever acceded counts
--   from the entry into force of the accession, or where that is not known from its
--   signature, and not before the agreement itself. A withdrawal ends the spell that
--   runs in its year; whoever joins while a party stays in one spell. DESTA has no ends
--   of agreements: replaced ones stay, so count pairs that have one rather than
--   agreements
-- column treaty_id: the agreement, as in core.treaties
-- column source: desta
-- column iso3: the member
-- column valid_from [day]: 1 January of the year
-- column valid_to [day]: 1 January after the year of the withdrawal; null while it lasts
-- column from_precision [code]: year
-- column to_precision [code]: year, or open (had not left in October 2020)
-- column action [code]: original or accession
-- column ended_by [code]: withdrawal; null while it lasts
with entries as (
    select
        t.number,
        p.iso3,
        t.entry_into_force_year as year,
        'original' as action,
    from raw.desta_treaties as t
    inner join raw.desta_parties as p
        on p.number = t.number
    where
        t.entry_type in ('base_treaty', 'protocol or amendment')
        and t.entry_into_force_year is not null
    union all
    select
        m.base_treaty as number,
        m.iso3,
        case
            when t.entry_into_force_year is null then m.in_force_year
            else greatest(t.entry_into_force_year, m.year)
        end as year,
        'accession' as action,
    from core.desta_moves as m
    inner join raw.desta_treaties as t
        on t.number = m.base_treaty
        and t.entry_type in ('base_treaty', 'protocol or amendment')
    where m.joins
),

spells as (
    select
        e.number,
        e.iso3,
        e.year,
        e.action,
        min(m.year) as end_year,
    from entries as e
    left join core.desta_moves as m
        on m.base_treaty = e.number
        and m.iso3 = e.iso3
        and not m.joins
        and m.year >= e.year
    where e.year is not null
    group by e.number, e.iso3, e.year, e.action
)

select
    'desta:' || s.number as treaty_id,
    'desta' as source,
    s.iso3,
    make_date(min(s.year), 1, 1) as valid_from,
    make_date(s.end_year + 1, 1, 1) as valid_to,
    'year' as from_precision,
    case when s.end_year is null then 'open' else 'year' end as to_precision,
    arg_min(s.action, 2 * s.year + (s.action = 'accession')::integer) as action,
    case when s.end_year is not null then 'withdrawal' end as ended_by,
from spells as s
group by s.number, s.iso3, s.end_year
