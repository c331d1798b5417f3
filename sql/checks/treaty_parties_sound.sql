-- A spell of a party that cannot be: of a treaty that is not there, without a day, or over
-- another spell of the same state in the same treaty.
-- level: warning
-- grain: one spell of one party
-- method: core.treaty_parties beside core.treaties; spells are half-open
-- column treaty_id: the treaty
-- column iso3: the party
-- column valid_from [day]: first day of the spell
-- column problem [code]: no_treaty, empty or overlap
select
    p.treaty_id,
    p.iso3,
    p.valid_from,
    case
        when t.treaty_id is null then 'no_treaty'
        when p.valid_to <= p.valid_from then 'empty'
        else 'overlap'
    end as problem,
from core.treaty_parties as p
left join core.treaties as t
    on t.treaty_id = p.treaty_id
where
    t.treaty_id is null
    or p.valid_to <= p.valid_from
    or exists (
        select 1
        from core.treaty_parties as o
        where
            o.treaty_id = p.treaty_id
            and o.iso3 = p.iso3
            and o.valid_from < p.valid_from
            and (o.valid_to is null or p.valid_from < o.valid_to)
    )
