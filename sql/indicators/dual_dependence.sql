-- Whether a state depends on an ally for security and on China for trade (X2).
-- kind: table
-- key: coding, year, iso3
-- grain: one state of the international system but China in one calendar year, by
--   coding
-- units: states; shares 0 to 1
-- method: sec is the dominant ally's part of the capabilities of the state and its
--   allies (dominance_share of indicators.alliance_structure), 0 for a state to which
--   nobody owes defence; eco is the share of China in the state's trade
--   (indicators.trade_interdependence, default source, method import_priority). Each is
--   high if it is above the median of the year, over the states for which both are
--   known, and low if not. A quadrant only: no product and no sum. Missing: no quadrant
--   unless both are known; no state enters a median with one of them. Medians are of
--   the year, so a quadrant says how a state stands among others, not whether its
--   dependence grew; read the shares for that. The coding treaty has no row, because it
--   knows a few alliances only. Sources: atop or cowalliances, cownmc, cowstates and
--   any of trade
-- trace indicators.trade_interdependence: t.is_default and t.method = 'import_priority'
--   and t.year = r.year and ((t.iso3_a = r.iso3 and t.iso3_b = 'CHN')
--   or (t.iso3_b = r.iso3 and t.iso3_a = 'CHN'))
-- column coding [code]: atop (to 2018) or cow (to 2012)
-- column year: calendar year
-- column iso3: the state
-- column trade_source: source of chn_share: comtrade, imts or cowtrade
-- column ally_count [states]: states that owe it defence
-- column dominant_iso3: the most capable ally, which may be China; null without an ally
-- column is_extra_regional: whether it is from outside the state's region
-- column dominance_share [share]: sec; null where a capability is not known
-- column chn_share [share]: eco; null where trade is not known
-- column dominance_median [share]: median of dominance_share in the year
-- column chn_median [share]: median of chn_share in the year
-- column quadrant [code]: both_high, security_high, economy_high or both_low
with trades as (
    select
        t.year,
        t.source,
        case when t.iso3_a = 'CHN' then t.iso3_b else t.iso3_a end as iso3,
        case when t.iso3_a = 'CHN' then t.share_b else t.share_a end as chn_share,
    from indicators.trade_interdependence as t
    where
        t.is_default
        and t.method = 'import_priority'
        and 'CHN' in (t.iso3_a, t.iso3_b)
),

parts as (
    select
        s.coding,
        s.year,
        s.iso3,
        t.source as trade_source,
        s.ally_count,
        s.dominant_iso3,
        s.is_extra_regional,
        case when s.ally_count = 0 then 0 else s.dominance_share end
            as dominance_share,
        t.chn_share,
    from indicators.alliance_structure as s
    left join trades as t
        on t.year = s.year
        and t.iso3 = s.iso3
    where
        s.coding in ('atop', 'cow')
        and s.iso3 <> 'CHN'
),

medians as (
    select
        p.coding,
        p.year,
        median(p.dominance_share) as dominance_median,
        median(p.chn_share) as chn_median,
    from parts as p
    where p.dominance_share is not null and p.chn_share is not null
    group by p.coding, p.year
)

select
    p.coding,
    p.year,
    p.iso3,
    p.trade_source,
    p.ally_count,
    p.dominant_iso3,
    p.is_extra_regional,
    p.dominance_share,
    p.chn_share,
    m.dominance_median,
    m.chn_median,
    case
        when p.dominance_share is null or p.chn_share is null then null
        when p.dominance_share > m.dominance_median
            then
                case
                    when p.chn_share > m.chn_median then 'both_high'
                    else 'security_high'
                end
        when p.chn_share > m.chn_median then 'economy_high'
        else 'both_low'
    end as quadrant,
from parts as p
left join medians as m
    on m.coding = p.coding
    and m.year = p.year
