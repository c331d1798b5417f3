-- Multilateral treaties deposited with the Secretary-General: what core.treaties has of
-- them.
-- kind: view
-- grain: one treaty
-- units: days, years, states
-- method: facts of raw.mtdsg_treaties; the day of the conclusion stands for the signature.
--   The depositary's list has no end of a treaty and no text
-- trace raw.mtdsg_treaties: 'mtdsg:' || t.treaty_number = r.treaty_id
-- column treaty_id: mtdsg: and the number
-- column source: mtdsg
-- column number: number in the collection: chapter and place in it
-- column title: title; null where the file has none
-- column kind [code]: multilateral
-- column form [code]: multilateral
-- column signed_date [day]: day of the conclusion; null unless one day is named
-- column signed_year [year]: its year
-- column date_precision [code]: day; null if no day is named
-- column in_force_date [day]: day of entry into force; null where not one day
-- column end_date [day]: null
-- column end_year [year]: null
-- column end_precision [code]: null
-- column party_count [states]: parties that the depositary counts, organizations included
-- column text_kind [code]: none
-- column language: null
select
    'mtdsg:' || t.treaty_number as treaty_id,
    'mtdsg' as source,
    t.treaty_number as number,
    t.title,
    'multilateral' as kind,
    'multilateral' as form,
    t.conclusion_date as signed_date,
    year(t.conclusion_date)::smallint as signed_year,
    case when t.conclusion_date is not null then 'day' end as date_precision,
    t.in_force_date,
    null::date as end_date,
    null::smallint as end_year,
    null::varchar as end_precision,
    t.party_count,
    'none' as text_kind,
    null::varchar as language,
from raw.mtdsg_treaties as t
