-- How much the members of a group trade with one state outside it, together and how far
-- apart they are (P13, P27).
-- kind: macro
-- parameters: of_group, in_region, partner
-- grain: one calendar year with trade of a member
-- units: current US dollars; shares 0 to 1
-- method: indicators.member_trade; in_region is a region of version 2026, or any. The
--   weighted mean is the group's trade with the partner over the trade (or product) of
--   the same members, so that the large count more; the plain mean and the dispersion
--   count each member once. Members of which a figure is not known are left out of its
--   columns and counted. Give a group and each of two partners, and join by year, to
--   set one against the other
-- column group_id: the group
-- column year: calendar year
-- column partner_iso3: the state outside
-- column source: comtrade, imts or cowtrade
-- column member_count [states]: members on 31 December that have a row in
--   indicators.member_trade
-- column known_count [states]: of them, those whose share is known
-- column trade_usd [US dollars]: their trade with the partner
-- column weighted_share [share]: trade_usd over all trade of the same members
-- column mean_share [share]: mean of the members' shares
-- column sd_share [share]: standard deviation of the members' shares; null for one
-- column min_share [share]: smallest share
-- column max_share [share]: largest share
-- column max_iso3: whose that is; of equals the first by code
-- column dependence_known_count [states]: members whose dependence is known
-- column weighted_dependence_share [share]: their trade with the partner over their
--   products
-- column mean_dependence_share [share]: mean of the members' dependence
-- column sd_dependence_share [share]: its standard deviation; null for one
select
    t.group_id,
    t.year,
    t.partner_iso3,
    t.source,
    count(*)::integer as member_count,
    count(t.share)::integer as known_count,
    sum(t.trade_usd) filter (where t.share is not null) as trade_usd,
    sum(t.trade_usd) filter (where t.share is not null)
        / sum(t.total_usd) filter (where t.share is not null) as weighted_share,
    avg(t.share) as mean_share,
    stddev_samp(t.share) as sd_share,
    min(t.share) as min_share,
    max(t.share) as max_share,
    arg_min(t.iso3, row(-t.share, t.iso3)) filter (where t.share is not null)
        as max_iso3,
    count(t.dependence_share)::integer as dependence_known_count,
    sum(t.trade_usd) filter (where t.dependence_share is not null)
        / sum(t.gdp_usd) filter (where t.dependence_share is not null)
        as weighted_dependence_share,
    avg(t.dependence_share) as mean_dependence_share,
    stddev_samp(t.dependence_share) as sd_dependence_share,
from indicators.member_trade(of_group, in_region, partner) as t
group by t.group_id, t.year, t.partner_iso3, t.source
