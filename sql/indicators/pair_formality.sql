-- How two states were bound in every year, none included (A7).
-- kind: macro
-- parameters: a, b
-- grain: one calendar year, by coding
-- units: none
-- method: indicators.alliance_formality; a year without a row there is none. The order
--   of the two makes no difference
-- column coding [code]: atop, cow or treaty
-- column year: calendar year
-- column iso3_a: the state whose code comes first
-- column iso3_b: the other state
-- column formality [code]: formal, informal_curated or none
-- column level: the higher of the two commitments
-- column basis: what an informal commitment rests on
-- column source: its citation
with years as (
    select distinct
        t.coding,
        t.year,
    from core.alliance_ties as t
)

select
    y.coding,
    y.year,
    least(upper(a), upper(b)) as iso3_a,
    greatest(upper(a), upper(b)) as iso3_b,
    coalesce(f.formality, 'none') as formality,
    coalesce(f.level, 0) as level,
    f.basis,
    f.source,
from years as y
left join indicators.alliance_formality as f
    on f.coding = y.coding
    and f.year = y.year
    and f.iso3_a = least(upper(a), upper(b))
    and f.iso3_b = greatest(upper(a), upper(b))
order by y.coding, y.year
