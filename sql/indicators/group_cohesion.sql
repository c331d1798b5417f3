-- How much the members of one group voted alike, year by year.
-- kind: macro
-- parameters: group_id, from_year, to_year
-- grain: one session and calendar year of one source, by scope
-- units: counts are roll calls and states; measures have no unit
-- method: indicators.group_session_cohesion, limited to a group and to calendar years,
--   both of which belong to the window
-- column group_id: the group
-- column body: GA or SC
-- column source: unga, unsc, sciencespo or voeten
-- column session: session of the Assembly; empty for the Council and where it is not
--   known
-- column year: calendar year of the votes
-- column scope: all, or contested (at least two different ballots among all states,
--   members or not)
-- column is_default: whether the source is the default series of every text the row
--   covers
-- column rollcall_count [roll calls]: roll calls on which at least two members cast a
--   ballot
-- column mean_present [states]: members that cast a ballot, mean over these roll calls
-- column agreement_index: mean of (max(Y,A,N) - (T - max(Y,A,N))/2)/T; 1 when all vote
--   alike, 0 when they split in three equal parts (V9)
-- column rice: mean of |Y-N|/(Y+N) over roll calls with a yes or a no; null if there is
--   none. Small groups have high values by chance (V9)
-- column pairwise: share of all pairs of members' ballots on one roll call that are
--   alike (V9)
-- column alpha: Krippendorff's alpha, nominal, roll calls being the units and members
--   the coders; null where all ballots are alike (V9)
-- column alpha_interval: Krippendorff's alpha, interval, yes 1, abstain 2, no 3 (V9)
-- column low_n: whether rollcall_count is below 10, too few to report
-- column degenerate: whether all ballots of the row are alike, so that alpha does not
--   exist
select
    c.group_id,
    c.body,
    c.source,
    c.session,
    c.year,
    c.scope,
    c.is_default,
    c.rollcall_count,
    c.mean_present,
    c.agreement_index,
    c.rice,
    c.pairwise,
    c.alpha,
    c.alpha_interval,
    c.low_n,
    c.degenerate,
from indicators.group_session_cohesion as c
where c.group_id = group_id and c.year between from_year and to_year
order by c.body, c.source, c.year, c.session, c.scope
