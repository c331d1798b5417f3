-- How much each member of a group trades with one state outside it, year by year (P13).
-- kind: macro
-- parameters: of_group, in_region, partner
-- grain: one member of the group in one calendar year, in which it belonged on 31
--   December; no row for the partner itself, nor for years without trade data
-- units: current US dollars; shares 0 to 1
-- method: members of indicators.members_in: in_region is a region of version 2026, or
--   any. Trade share of indicators.trade_interdependence (E2), default source of the
--   year, method import_priority, and the same trade over the product of core.economies
--   (E1). Goods only: neither services nor capital
-- column group_id: the group
-- column year: calendar year
-- column iso3: the member
-- column partner_iso3: the state outside
-- column source: comtrade, imts or cowtrade
-- column trade_usd [US dollars]: exports and imports of the two; null unless both are
--   known
-- column total_usd [US dollars]: exports and imports of the member, all partners
-- column gdp_usd [US dollars]: its gross domestic product; null where not known
-- column share [share]: trade_usd/total_usd
-- column dependence_share [share]: trade_usd/gdp_usd
with sides as (
    select
        i.year,
        i.source,
        i.iso3_b as iso3,
        i.trade_usd,
        i.total_b_usd as total_usd,
        i.share_b as share,
    from indicators.trade_interdependence as i
    where
        i.is_default and i.method = 'import_priority' and i.iso3_a = upper(partner)
    union all
    select
        i.year,
        i.source,
        i.iso3_a as iso3,
        i.trade_usd,
        i.total_a_usd as total_usd,
        i.share_a as share,
    from indicators.trade_interdependence as i
    where
        i.is_default and i.method = 'import_priority' and i.iso3_b = upper(partner)
)

select
    m.group_id,
    s.year,
    m.iso3,
    upper(partner) as partner_iso3,
    s.source,
    s.trade_usd,
    s.total_usd,
    e.gdp_usd,
    s.share,
    s.trade_usd / e.gdp_usd as dependence_share,
from indicators.members_in(of_group, in_region) as m
inner join sides as s
    on s.iso3 = m.iso3
    and make_date(s.year, 12, 31) >= m.valid_from
    and make_date(s.year, 12, 31) < m.valid_to
left join core.economies as e
    on e.iso3 = s.iso3
    and e.year = s.year
