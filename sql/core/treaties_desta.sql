-- Trade agreements of the DESTA project as treaties: what core.treaties has of them.
-- kind: view
-- grain: one agreement, or one protocol or amendment to one
-- units: years
-- method: base treaties and protocols of raw.desta_treaties. An accession or a
--   withdrawal is no treaty of its own here, but a spell of a party to its base treaty; a
--   consolidated entry repeats an agreement with its protocol, and a negotiation has
--   not become one: neither is a row. DESTA has years, no days, and no ends. The list
--   closes in October 2020
-- column treaty_id: desta: and the number
-- column source: desta
-- column number: DESTA number, such as 64
-- column title: name that DESTA gives it
-- column kind [code]: trade
-- column form [code]: bilateral (type 1, between two states) or multilateral
-- column signed_date [day]: null
-- column signed_year [year]: year of signature
-- column date_precision [code]: year
-- column in_force_date [day]: null; for the year see core.treaty_parties
-- column end_date [day]: null
-- column end_year [year]: null
-- column end_precision [code]: null
-- column party_count [states]: members at signature, and those that acceded
-- column text_kind [code]: none
-- column language: null
with members as (
    select
        t.number,
        p.iso3,
    from raw.desta_treaties as t
    inner join raw.desta_parties as p
        on p.number = t.number
    union
    select
        j.base_treaty as number,
        j.iso3,
    from core.desta_moves as j
    where j.joins
)

select
    'desta:' || t.number as treaty_id,
    'desta' as source,
    t.number,
    t.name as title,
    'trade' as kind,
    case when t.member_type = 1 then 'bilateral' else 'multilateral' end as form,
    null::date as signed_date,
    t.year as signed_year,
    case when t.year is not null then 'year' end as date_precision,
    null::date as in_force_date,
    null::date as end_date,
    null::smallint as end_year,
    null::varchar as end_precision,
    m.party_count,
    'none' as text_kind,
    null::varchar as language,
from raw.desta_treaties as t
left join (
    select
        x.number,
        count(distinct x.iso3)::integer as party_count,
    from members as x
    group by x.number
) as m
    on m.number = t.number
where t.entry_type in ('base_treaty', 'protocol or amendment')
