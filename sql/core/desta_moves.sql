-- Who joined or left which trade agreement in which round, as the DESTA project lists it.
-- kind: view
-- grain: one state in one accession or withdrawal
-- units: years
-- method: in an accession the members with role 1 join, and where none has it those with
--   role 2 (accessions that follow from joining a bloc); in a withdrawal those with
--   role 1 leave. The other members of the entry stay as they are
-- column number: number of the round, such as 64+1 or 243_1
-- column base_treaty: number of the agreement
-- column iso3: who joins or leaves
-- column joins: whether it joins
-- column year [year]: year of entry into force of the round; where it is not known, of
--   its signature
-- column in_force_year [year]: year of entry into force of the round; null where not known
with roles as (
    select
        t.number,
        t.base_treaty,
        p.iso3,
        t.entry_type = 'accession' as joins,
        coalesce(t.entry_into_force_year, t.year) as year,
        t.entry_into_force_year as in_force_year,
        p.role,
        bool_or(coalesce(p.role = 1, false)) over (partition by t.number) as has_first,
    from raw.desta_treaties as t
    inner join raw.desta_parties as p
        on p.number = t.number
    where t.entry_type in ('accession', 'withdrawal')
)

select distinct
    r.number,
    r.base_treaty,
    r.iso3,
    r.joins,
    r.year,
    r.in_force_year,
from roles as r
where
    r.role = 1
    or (r.joins and not r.has_first and r.role = 2)
