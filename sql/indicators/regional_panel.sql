-- Every measure of a region side by side, year by year: conflict, alliances, trade
-- agreements and trade (C1, R2, A8, R3, R4, E7, E8 and X6, for P18, P19, P24, P28 and
-- P29).
-- kind: table
-- key: region_version, region_id, year
-- grain: one region of one version in one calendar year for which any of them is known
-- units: shares 0 to 1; pairs; rates for a thousand; ratios
-- method: the views named by each column, without a change: conflict of mid and of
--   ucdp, alliances of coding atop, trade of the default source by import priority. The
--   same definitions in every region; a null is a year that the source does not reach.
--   Shares of pairs fall and shares of trade grow with the number of states, so compare
--   a region's years first. Beside each other is not because of each other
-- column region_version [code]: version of the assignment of states to regions
-- column region_id: the region
-- column year: calendar year
-- column dyad_count [pairs]: pairs of states of the region, as
--   indicators.conflict_rate, else indicators.regional_security counts them
-- column conflict_rate [per thousand]: pairs with an onset of a militarized dispute for
--   1,000 pairs (indicators.conflict_rate, mid)
-- column force_conflict_rate [per thousand]: the same, with use of force or war
-- column allied_conflict_rate [per thousand]: conflict_rate of the allied pairs
-- column not_allied_conflict_rate [per thousand]: of the others
-- column ucdp_conflict_rate [per thousand]: pairs with an onset of armed conflict
--   (ucdp)
-- column state_conflict_rate [per thousand]: states that fight in an armed conflict,
--   inside or between states (indicators.state_conflict_rate)
-- column allied_share [share]: pairs allied for defence (indicators.regional_security)
-- column extra_regional_dominance [share]: of their security that rests on an outsider
-- column patron_iso3: the outsider that is the dominant ally of most; null if none is
-- column new_allied_count [pairs]: pairs allied and not so in the year before
--   (indicators.alliance_formation); null in versions other than 2026
-- column ended_allied_count [pairs]: pairs allied in the year before and no more
-- column agreement_share [share]: pairs with a trade agreement in force
--   (indicators.regional_institutions)
-- column agreements_per_dyad [agreements]: agreements in force for each pair
-- column both_share [share]: pairs that are both allied and in an agreement
--   (indicators.regional_overlap)
-- column phi: correlation of the two over pairs
-- column trade_source: comtrade, imts or cowtrade
-- column intra_share [share]: trade inside the region over all its trade
--   (indicators.regional_trade)
-- column intra_intensity: intra_share over the region's share in world trade
-- column introversion: from -1 to 1
-- column dual_role_gap [standard deviations]: introversion less cohesion of security,
--   within the year (indicators.regional_dual_role)
with years as (
    select
        c.region_version,
        c.region_id,
        c.year,
    from indicators.conflict_rate as c
    union
    select
        s.region_version,
        s.region_id,
        s.year,
    from indicators.regional_security as s
    union
    select
        i.region_version,
        i.region_id,
        i.year,
    from indicators.regional_institutions as i
    union
    select
        t.region_version,
        t.region_id,
        t.year,
    from indicators.regional_trade as t
),

conflicts as (
    select
        c.region_version,
        c.region_id,
        c.year,
        max(c.dyad_count) filter (where c.tie = 'all') as dyad_count,
        max(c.conflict_rate) filter (where c.source = 'mid' and c.tie = 'all')
            as conflict_rate,
        max(c.force_conflict_rate) filter (where c.source = 'mid' and c.tie = 'all')
            as force_conflict_rate,
        max(c.conflict_rate) filter (
            where c.source = 'mid' and c.coding = 'atop' and c.tie = 'allied'
        ) as allied_conflict_rate,
        max(c.conflict_rate) filter (
            where c.source = 'mid' and c.coding = 'atop' and c.tie = 'not_allied'
        ) as not_allied_conflict_rate,
        max(c.conflict_rate) filter (where c.source = 'ucdp' and c.tie = 'all')
            as ucdp_conflict_rate,
    from indicators.conflict_rate as c
    group by c.region_version, c.region_id, c.year
)

select
    y.region_version,
    y.region_id,
    y.year::smallint as year,
    coalesce(c.dyad_count, s.dyad_count) as dyad_count,
    c.conflict_rate,
    c.force_conflict_rate,
    c.allied_conflict_rate,
    c.not_allied_conflict_rate,
    c.ucdp_conflict_rate,
    w.conflict_rate as state_conflict_rate,
    s.allied_share,
    s.extra_regional_dominance,
    s.patron_iso3,
    f.new_dyad_count as new_allied_count,
    f.ended_dyad_count as ended_allied_count,
    i.agreement_share,
    i.agreements_per_dyad,
    o.both_share,
    o.phi,
    t.source as trade_source,
    t.intra_share,
    t.intra_intensity,
    t.introversion,
    g.gap as dual_role_gap,
from years as y
left join conflicts as c
    on c.region_version = y.region_version
    and c.region_id = y.region_id
    and c.year = y.year
left join indicators.state_conflict_rate as w
    on w.region_version = y.region_version
    and w.region_id = y.region_id
    and w.year = y.year
left join indicators.regional_security as s
    on s.region_version = y.region_version
    and s.region_id = y.region_id
    and s.year = y.year
    and s.coding = 'atop'
left join indicators.alliance_formation as f
    on y.region_version = '2026'
    and f.region_id = y.region_id
    and f.year = y.year
    and f.coding = 'atop'
left join indicators.regional_institutions as i
    on i.region_version = y.region_version
    and i.region_id = y.region_id
    and i.year = y.year
left join indicators.regional_overlap as o
    on o.region_version = y.region_version
    and o.region_id = y.region_id
    and o.year = y.year
    and o.coding = 'atop'
left join indicators.regional_trade as t
    on t.region_version = y.region_version
    and t.region_id = y.region_id
    and t.year = y.year
    and t.is_default
    and t.method = 'import_priority'
left join indicators.regional_dual_role as g
    on g.region_version = y.region_version
    and g.region_id = y.region_id
    and g.year = y.year
    and g.coding = 'atop'
