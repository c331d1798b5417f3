-- On how few partners a state's trade rests (E5).
-- grain: one state in one calendar year and direction, by method and source; no row
--   where the direction is 0
-- units: shares and indices 0 to 1; partners
-- method: Hirschman 1945: H = sum of squared shares of the partners. Shares are of the
--   sum over partner states and territories; areas not elsewhere specified are left out
--   of both. For both, a partner's share is that of exports and imports together
-- column method [code]: import_priority or reconciled; choose one
-- column source: comtrade, imts or cowtrade
-- column year: calendar year
-- column iso3: the state
-- column flow [code]: export, import or both
-- column is_default: whether the source is the default of the year
-- column total_usd [US dollars]: the sum that the shares are of
-- column partner_count [partners]: partners with trade above 0
-- column hhi: H, above 0 to 1
-- column hhi_normalized: (H - 1/n)/(1 - 1/n) with n partners; null for one partner
-- column effective_partner_count [partners]: 1/H
-- column top_partner_iso3: partner with the largest share; of equal ones the first by
--   code
-- column top_partner_share [share]: its share
with flows as (
    select
        t.method,
        t.source,
        t.year,
        t.exporter_iso3 as iso3,
        t.importer_iso3 as partner_iso3,
        'export' as flow,
        t.is_default,
        t.value_usd,
    from core.trade as t
    where t.product = 'TOTAL' and t.value_usd > 0
    union all
    select
        t.method,
        t.source,
        t.year,
        t.importer_iso3 as iso3,
        t.exporter_iso3 as partner_iso3,
        'import' as flow,
        t.is_default,
        t.value_usd,
    from core.trade as t
    where t.product = 'TOTAL' and t.value_usd > 0
),

partners as (
    select
        f.method,
        f.source,
        f.year,
        f.iso3,
        f.partner_iso3,
        s.flow,
        bool_and(f.is_default) as is_default,
        sum(f.value_usd) as value_usd,
    from flows as f
    inner join (values ('export'), ('import'), ('both')) as s (flow)
        on s.flow = f.flow or s.flow = 'both'
    group by f.method, f.source, f.year, f.iso3, f.partner_iso3, s.flow
),

sums as (
    select
        p.method,
        p.source,
        p.year,
        p.iso3,
        p.flow,
        bool_and(p.is_default) as is_default,
        sum(p.value_usd) as total_usd,
        count(*) as partner_count,
        sum(p.value_usd * p.value_usd) as square_usd2,
        max(p.value_usd) as top_usd,
        arg_min(p.partner_iso3, {'value': -p.value_usd, 'iso3': p.partner_iso3})
            as top_partner_iso3,
    from partners as p
    group by p.method, p.source, p.year, p.iso3, p.flow
)

select
    s.method,
    s.source,
    s.year,
    s.iso3,
    s.flow,
    s.is_default,
    s.total_usd,
    s.partner_count,
    least(1, s.square_usd2 / pow(s.total_usd, 2)) as hhi,
    case
        when s.partner_count > 1
            then greatest(
                0, (hhi - 1 / s.partner_count) / (1 - 1 / s.partner_count)
            )
    end as hhi_normalized,
    1 / hhi as effective_partner_count,
    s.top_partner_iso3,
    s.top_usd / s.total_usd as top_partner_share,
from sums as s
