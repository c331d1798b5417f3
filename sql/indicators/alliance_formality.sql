-- Whether two states are bound by a treaty of alliance or by less (A7).
-- grain: one pair of states in one calendar year, by coding, that is bound either way
-- units: none
-- method: formal if either is committed to the other at a level above 0
--   (core.alliance_levels); else informal_curated if a line of
--   raw.reference_informal_commitments, each with its citation, names them on any day of
--   the year. A pair without a row is bound by neither. Nothing is inferred from votes,
--   arms or trade; the list is short and not complete. Years of the coding treaty know a
--   few alliances only, so a pair without a row there may have another
-- column coding [code]: atop, cow or treaty
-- column year: calendar year
-- column iso3_a: the state whose code comes first
-- column iso3_b: the other state
-- column formality [code]: formal or informal_curated
-- column level: the higher of the two commitments; 0 for an informal one
-- column provider_iso3: who is committed informally; null for a formal tie
-- column basis: what an informal commitment rests on
-- column source: citation of an informal commitment
with formal as (
    select
        l.coding,
        l.year,
        least(l.provider_iso3, l.receiver_iso3) as iso3_a,
        greatest(l.provider_iso3, l.receiver_iso3) as iso3_b,
        max(l.level) as level,
    from core.alliance_levels as l
    where l.level > 0
    group by l.coding, l.year, iso3_a, iso3_b
),

years as (
    select distinct
        l.coding,
        l.year,
    from core.alliance_levels as l
)

select
    f.coding,
    f.year,
    f.iso3_a,
    f.iso3_b,
    'formal' as formality,
    f.level,
    null::varchar as provider_iso3,
    null::varchar as basis,
    null::varchar as source,
from formal as f
union all
select
    y.coding,
    y.year,
    least(i.provider_iso3, i.receiver_iso3) as iso3_a,
    greatest(i.provider_iso3, i.receiver_iso3) as iso3_b,
    'informal_curated' as formality,
    0 as level,
    string_agg(i.provider_iso3, ' ' order by i.provider_iso3, i.valid_from)
        as provider_iso3,
    string_agg(i.basis, '; ' order by i.provider_iso3, i.valid_from) as basis,
    string_agg(i.source, '; ' order by i.provider_iso3, i.valid_from) as source,
from raw.reference_informal_commitments as i
inner join years as y
    on y.year >= year(i.valid_from)
    and y.year <= coalesce(year(i.valid_to - 1), 9999)
left join formal as f
    on f.coding = y.coding
    and f.year = y.year
    and f.iso3_a = least(i.provider_iso3, i.receiver_iso3)
    and f.iso3_b = greatest(i.provider_iso3, i.receiver_iso3)
where f.year is null
group by
    y.coding,
    y.year,
    least(i.provider_iso3, i.receiver_iso3),
    greatest(i.provider_iso3, i.receiver_iso3)
