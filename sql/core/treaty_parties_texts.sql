-- Parties that the headers of the operator's texts list, as spells: what
-- core.treaty_parties has of them.
-- kind: view
-- grain: one state that is listed as a party to one text
-- units: days
-- method: from entry into force, or signature where that day is not given, to the end of
--   the treaty; a text without either day has no party here
-- trace raw.text_treaties: 'text:' || t.text_id = r.treaty_id
-- trace raw.text_parties: 'text:' || t.text_id = r.treaty_id
-- column treaty_id: the treaty, as in core.treaties
-- column source: texts
-- column iso3: the party
-- column valid_from [day]: entry into force, or signature
-- column valid_to [day]: day on which the treaty ended; null where none is given
-- column from_precision [code]: day
-- column to_precision [code]: day, or open
-- column action [code]: original
-- column ended_by [code]: null
select distinct
    'text:' || t.text_id as treaty_id,
    'texts' as source,
    p.iso3,
    coalesce(t.in_force_date, t.signed_date) as valid_from,
    t.end_date as valid_to,
    'day' as from_precision,
    case when t.end_date is null then 'open' else 'day' end as to_precision,
    'original' as action,
    null::varchar as ended_by,
from raw.text_treaties as t
inner join raw.text_parties as p
    on p.text_id = t.text_id
where coalesce(t.in_force_date, t.signed_date) is not null
