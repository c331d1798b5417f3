-- Agreements of the Texts of Trade Agreements as treaties: what core.treaties has of
-- them.
-- kind: view
-- grain: one agreement
-- units: days, years
-- method: metadata of raw.tota_treaties, which are the World Trade Organization's; what
--   is in force is as of October 2017
-- trace raw.tota_treaties: 'tota:' || t.treaty_identifier = r.treaty_id
-- trace raw.tota_parties: 'tota:' || t.treaty_identifier = r.treaty_id
-- column treaty_id: tota: and the number
-- column source: tota
-- column number: number in the Texts of Trade Agreements
-- column title: name of the agreement
-- column kind [code]: trade
-- column form [code]: bilateral or multilateral; an agreement with a group as one party
--   counts as the World Trade Organization has it; null where it does not say
-- column signed_date [day]: day of signature
-- column signed_year [year]: year of signature
-- column date_precision [code]: day; null if nothing is known
-- column in_force_date [day]: day of entry into force; null if it has none
-- column end_date [day]: day from which it was no longer in force
-- column end_year [year]: year of that day
-- column end_precision [code]: day, open (in force in October 2017); null if nothing is
--   known, or the agreement was not in force yet
-- column party_count [states]: states in the two lists of parties; null where both are
--   empty
-- column text_kind [code]: full (annexes and schedules are not there)
-- column language: language of the text
select
    'tota:' || t.treaty_identifier as treaty_id,
    'tota' as source,
    t.treaty_identifier::varchar as number,
    t.name as title,
    'trade' as kind,
    case
        when t.composition like 'Bilateral%' then 'bilateral'
        when t.composition like 'Plurilateral%' then 'multilateral'
    end as form,
    t.date_signed as signed_date,
    year(t.date_signed)::smallint as signed_year,
    case when t.date_signed is not null then 'day' end as date_precision,
    t.date_into_force as in_force_date,
    t.date_inactive as end_date,
    year(t.date_inactive)::smallint as end_year,
    case
        when t.date_inactive is not null then 'day'
        when t.status <> 'Inactive' and t.date_into_force is not null then 'open'
    end as end_precision,
    p.party_count,
    'full' as text_kind,
    t.language,
from raw.tota_treaties as t
left join (
    select
        l.treaty_identifier,
        count(distinct l.iso3)::integer as party_count,
    from raw.tota_parties as l
    group by l.treaty_identifier
) as p
    on p.treaty_identifier = t.treaty_identifier
