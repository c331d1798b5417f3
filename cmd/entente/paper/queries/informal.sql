-- Commitments of the United States without a treaty, and how much its partners trade with it.
select
    f.year,
    case f.iso3_a when 'USA' then f.iso3_b else f.iso3_a end as partner,
    (
        select max_by(n.name, n.valid_from) from core.states as n
        where n.iso3 = case f.iso3_a when 'USA' then f.iso3_b else f.iso3_a end
    ) as name,
    f.basis,
    f.source as citation,
    d.year as trade_year,
    case d.iso3_a when 'USA' then d.dependence_b_share else d.dependence_a_share end
        as dependence_share,
from indicators.alliance_formality as f
left join (
    from indicators.trade_dependence as t
    where t.is_default and t.method = 'import_priority'
    qualify row_number() over (
        partition by t.iso3_a, t.iso3_b
        order by (t.dependence_a_share is null or t.dependence_b_share is null), t.year desc
    ) = 1
) as d
    on d.iso3_a = f.iso3_a
    and d.iso3_b = f.iso3_b
where f.formality = 'informal_curated' and 'USA' in (f.iso3_a, f.iso3_b)
qualify row_number() over (partition by f.iso3_a, f.iso3_b order by f.year desc) = 1
order by partner
