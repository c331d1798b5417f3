-- States bound by the treaties deposited with the Secretary-General, as spells: what
-- core.treaty_parties has of them.
-- kind: view
-- grain: one spell of one state as a party to one treaty
-- units: days
-- method: a spell begins with the deposit of the first act that binds (ratification,
--   acceptance, approval, formal confirmation, definitive signature, accession or
--   succession) and ends with a denunciation or withdrawal, where the table of
--   participants has a column of these; the day is that of the deposit in both, and the
--   act takes effect as the treaty says, often later. A plain signature binds nobody.
--   Acts in brackets are left out: the depositary no longer counts them, and the day on
--   which they ceased is in footnotes only
-- trace raw.mtdsg_participants: 'mtdsg:' || t.treaty_number = r.treaty_id
-- column treaty_id: the treaty, as in core.treaties
-- column source: mtdsg
-- column iso3: the party
-- column valid_from [day]: day of the act that binds
-- column valid_to [day]: day of the denunciation or withdrawal; null while bound
-- column from_precision [code]: day
-- column to_precision [code]: day, or open when the status was printed
-- column action [code]: original (ratified, accepted, approved, confirmed or signed
--   definitively), accession or succession
-- column ended_by [code]: withdrawal; null while bound
with acts as (
    select
        p.treaty_number,
        p.iso3,
        p.act_date,
        case
            when p.act in ('denunciation', 'withdrawal') then 'withdrawal'
            when p.act in ('accession', 'succession') then p.act
            when
                p.act in (
                    'ratification',
                    'acceptance',
                    'approval',
                    'formal_confirmation',
                    'definitive_signature'
                )
                then 'original'
        end as action,
    from raw.mtdsg_participants as p
    where not p.is_bracketed
),

bound as (
    select
        a.treaty_number,
        a.iso3,
        a.act_date,
        a.action,
        (
            select min(w.act_date)
            from acts as w
            where
                w.treaty_number = a.treaty_number
                and w.iso3 = a.iso3
                and w.action = 'withdrawal'
                and w.act_date > a.act_date
        ) as withdrawn,
    from acts as a
    where a.action in ('original', 'accession', 'succession')
)

select
    'mtdsg:' || b.treaty_number as treaty_id,
    'mtdsg' as source,
    b.iso3,
    min(b.act_date) as valid_from,
    b.withdrawn as valid_to,
    'day' as from_precision,
    case when b.withdrawn is null then 'open' else 'day' end as to_precision,
    arg_min(b.action, b.act_date) as action,
    case when b.withdrawn is not null then 'withdrawal' end as ended_by,
from bound as b
group by b.treaty_number, b.iso3, b.withdrawn
