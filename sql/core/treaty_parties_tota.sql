-- Parties to the Texts of Trade Agreements as spells: what core.treaty_parties has of
-- them.
-- kind: view
-- grain: one state that was a party to one agreement
-- units: days
-- method: from entry into force to the day on which the agreement became inactive; one
--   that never entered into force has no party. Who is among the current parties and not
--   among the original ones acceded, and who is among the original ones of an agreement
--   in force only has left: on days that the source does not tell, so the day is a bound
--   and its precision null
-- trace raw.tota_treaties: 'tota:' || t.treaty_identifier = r.treaty_id
-- trace raw.tota_parties: 'tota:' || t.treaty_identifier = r.treaty_id
-- column treaty_id: the agreement, as in core.treaties
-- column source: tota
-- column iso3: the party
-- column valid_from [day]: entry into force of the agreement
-- column valid_to [day]: day from which the agreement was no longer in force; 4 October
--   2017, when the source was made, for who had left by then; null while it lasts
-- column from_precision [code]: day; null for an accession
-- column to_precision [code]: day, open (party in October 2017), or null where only a
--   bound is known
-- column action [code]: original or accession
-- column ended_by [code]: null
with parties as (
    select
        p.treaty_identifier,
        p.iso3,
        bool_or(p.party_list = 'original') as is_original,
        bool_or(p.party_list = 'current') as is_current,
    from raw.tota_parties as p
    group by p.treaty_identifier, p.iso3
)

select
    'tota:' || t.treaty_identifier as treaty_id,
    'tota' as source,
    p.iso3,
    t.date_into_force as valid_from,
    case
        when t.status <> 'Inactive' and p.is_current then null
        else coalesce(t.date_inactive, date '2017-10-04')
    end as valid_to,
    case when p.is_original then 'day' end as from_precision,
    case
        when t.status <> 'Inactive' and p.is_current then 'open'
        when t.date_inactive is not null then 'day'
    end as to_precision,
    case when p.is_original then 'original' else 'accession' end as action,
    null::varchar as ended_by,
from raw.tota_treaties as t
inner join parties as p
    on p.treaty_identifier = t.treaty_identifier
where t.date_into_force is not null
