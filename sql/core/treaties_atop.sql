-- Alliances of the ATOP project as treaties: what core.treaties has of them.
-- kind: view
-- grain: one alliance
-- units: days, years
-- method: facts of raw.atop_alliances as first signed; 5.0 codes end in 2018. ATOP has
--   signatures and no entry into force, numbers and no titles, so both are null here. A
--   day of which only the month is published is null beside its precision
-- trace raw.atop_alliances: 'atop:' || t.atopid = r.treaty_id
-- column treaty_id: atop: and the number
-- column source: atop
-- column number: ATOP number
-- column title: null
-- column kind [code]: alliance
-- column form [code]: bilateral (never more than two members) or multilateral
-- column signed_date [day]: day of signature; null unless known to the day
-- column signed_year [year]: year of signature
-- column date_precision [code]: what is known of the signature: day or month
-- column in_force_date [day]: null
-- column end_date [day]: day on which it ended; null unless known to the day
-- column end_year [year]: year in which it ended
-- column end_precision [code]: what is known of the end: day, month, open (in effect when
--   the coding ended); null if nothing
-- column party_count [states]: states that were ever a party
-- column text_kind [code]: none
-- column language: null
select
    'atop:' || a.atopid as treaty_id,
    'atop' as source,
    a.atopid::varchar as number,
    null::varchar as title,
    'alliance' as kind,
    case when a.bilat then 'bilateral' else 'multilateral' end as form,
    a.signed_date,
    a.begyr as signed_year,
    case when a.signed_date is not null then 'day' else 'month' end as date_precision,
    null::date as in_force_date,
    a.end_date,
    a.endyr as end_year,
    case
        when a.ineffect then 'open'
        when a.end_date is not null then 'day'
        when a.endmo is not null then 'month'
        when a.endyr is not null then 'year'
    end as end_precision,
    p.party_count,
    'none' as text_kind,
    null::varchar as language,
from raw.atop_alliances as a
left join (
    select
        t.treaty_id,
        count(distinct t.iso3)::integer as party_count,
    from core.treaty_parties_atop as t
    group by t.treaty_id
) as p
    on p.treaty_id = 'atop:' || a.atopid
