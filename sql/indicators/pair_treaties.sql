-- The treaties that bound two states at once in a period, and from when to when.
-- kind: macro
-- parameters: a, b, from_date, to_date
-- grain: one treaty and one spell in which it bound both
-- units: days
-- method: a row's spell is what the two states' spells as parties (core.treaty_parties)
--   have in common: from the later beginning to the earlier end. Both days belong to the
--   period. The order of the two states makes no difference. What two sources have is
--   there twice, and what no source has is missing: atop has military alliances to 2018,
--   desta and tota trade agreements, mtdsg multilateral treaties deposited with the UN
-- column treaty_id: id of the treaty in its source
-- column source: which source
-- column kind [code]: as in core.treaties
-- column title: title; null if the source has none
-- column form [code]: bilateral or multilateral; null if not known
-- column obligations: classes of obligation that people coded, such as defense; null if
--   none is, which is all there is to tell where the source has no titles (atop)
-- column signed_date: day of signature, as far as the source knows it
-- column valid_from: first day on which it bound both
-- column valid_to: first day on which it no longer did; null if none is known
select
    t.treaty_id,
    t.source,
    t.kind,
    t.title,
    t.form,
    (
        select string_agg(distinct o.obligation, ', ' order by o.obligation)
        from core.treaty_obligations as o
        where o.treaty_id = t.treaty_id and o.method = 'coded'
    ) as obligations,
    t.signed_date,
    greatest(p.valid_from, q.valid_from) as valid_from,
    least(p.valid_to, q.valid_to) as valid_to,
from core.treaties as t
inner join core.treaty_parties as p
    on p.treaty_id = t.treaty_id
    and p.iso3 = upper(a)
inner join core.treaty_parties as q
    on q.treaty_id = t.treaty_id
    and q.iso3 = upper(b)
    and q.valid_from < coalesce(p.valid_to, 'infinity')
    and p.valid_from < coalesce(q.valid_to, 'infinity')
where
    greatest(p.valid_from, q.valid_from) <= to_date
    and coalesce(least(p.valid_to, q.valid_to), 'infinity') > from_date
order by valid_from, t.source, t.treaty_id
