-- The operator's treaty texts as treaties: what core.treaties has of them.
-- kind: view
-- grain: one text
-- units: days, years
-- method: the headers of the texts, raw.text_treaties
-- trace raw.text_treaties: 'text:' || t.text_id = r.treaty_id
-- trace raw.text_parties: 'text:' || t.text_id = r.treaty_id
-- column treaty_id: text: and the id
-- column source: texts
-- column number: id of the text
-- column title: title
-- column kind [code]: alliance, trade, multilateral or security
-- column form [code]: bilateral or multilateral, by the listed parties; null where fewer
--   than two are
-- column signed_date [day]: day of signature
-- column signed_year [year]: year of signature
-- column date_precision [code]: day; null if nothing is known
-- column in_force_date [day]: day of entry into force
-- column end_date [day]: day on which it ended
-- column end_year [year]: year in which it ended
-- column end_precision [code]: day; null if nothing is known
-- column party_count [states]: parties listed; null where none is
-- column text_kind [code]: full, partial, draft or summary
-- column language: first language of the text
select
    'text:' || t.text_id as treaty_id,
    'texts' as source,
    t.text_id as number,
    t.title,
    t.kind,
    case
        when p.party_count = 2 then 'bilateral'
        when p.party_count > 2 then 'multilateral'
    end as form,
    t.signed_date,
    year(t.signed_date)::smallint as signed_year,
    case when t.signed_date is not null then 'day' end as date_precision,
    t.in_force_date,
    t.end_date,
    year(t.end_date)::smallint as end_year,
    case when t.end_date is not null then 'day' end as end_precision,
    p.party_count,
    t.text_kind,
    split_part(t.languages, ' ', 1) as language,
from raw.text_treaties as t
left join (
    select
        l.text_id,
        count(distinct l.iso3)::integer as party_count,
    from raw.text_parties as l
    group by l.text_id
) as p
    on p.text_id = t.text_id
