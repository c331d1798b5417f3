-- How much each member of a group trades with one state outside it, year by year (P13).
-- kind: macro
-- parameters: of_group, partner
-- grain: one member of the group in one calendar year, in which it belonged on 31
--   December; no row for the partner itself, nor for years without trade data
-- units: current US dollars; shares 0 to 1
-- method: trade share of indicators.trade_interdependence (E2) and dependence of
--   indicators.trade_dependence (E1), default source of the year, method
--   import_priority. Goods only: neither services nor capital
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
select
    m.group_id,
    i.year,
    m.iso3,
    upper(partner) as partner_iso3,
    i.source,
    i.trade_usd,
    case when i.iso3_a = m.iso3 then i.total_a_usd else i.total_b_usd end as total_usd,
    case when i.iso3_a = m.iso3 then d.gdp_a_usd else d.gdp_b_usd end as gdp_usd,
    case when i.iso3_a = m.iso3 then i.share_a else i.share_b end as share,
    case
        when i.iso3_a = m.iso3 then d.dependence_a_share
        else d.dependence_b_share
    end as dependence_share,
from core.group_members as m
inner join indicators.trade_interdependence as i
    on i.iso3_a = least(m.iso3, upper(partner))
    and i.iso3_b = greatest(m.iso3, upper(partner))
    and i.is_default
    and i.method = 'import_priority'
    and make_date(i.year, 12, 31) >= m.valid_from
    and (m.valid_to is null or make_date(i.year, 12, 31) < m.valid_to)
inner join indicators.trade_dependence as d
    on d.iso3_a = i.iso3_a
    and d.iso3_b = i.iso3_b
    and d.method = i.method
    and d.source = i.source
    and d.year = i.year
where m.group_id = of_group and m.iso3 <> upper(partner)
