-- How much the members of each group voted alike, for all groups and years.
-- grain: one group in one session and calendar year of one source, by scope
-- units: counts are roll calls and states; measures have no unit
-- method: Y, A and N are the members' yes, abstain and no on a roll call, T their sum;
--   only roll calls with T of 2 or more count. Hix, Noury and Roland 2005 (agreement
--   index), Rice 1925, Krippendorff 2011. Membership is that of the day of the vote
--   (core.group_ballots)
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
with rollcalls as (
    select
        g.group_id,
        g.body,
        g.source,
        g.session,
        g.year,
        g.resolution_id,
        g.contested,
        g.is_default,
        cast(count(*) filter (where g.vote = 'yes') as double) as y,
        cast(count(*) filter (where g.vote = 'abstain') as double) as a,
        cast(count(*) filter (where g.vote = 'no') as double) as n,
        y + a + n as t,
        greatest(y, a, n) as largest,
    from core.group_ballots as g
    group by
        g.group_id,
        g.body,
        g.source,
        g.session,
        g.year,
        g.resolution_id,
        g.contested,
        g.is_default
    having count(*) > 1
),

sums as (
    select
        r.group_id,
        r.body,
        r.source,
        r.session,
        r.year,
        s.scope,
        bool_and(r.is_default) as is_default,
        count(*) as rollcall_count,
        avg(r.t) as mean_present,
        avg((r.largest - (r.t - r.largest) / 2) / r.t) as agreement_index,
        avg(abs(r.y - r.n) / nullif(r.y + r.n, 0)) as rice,
        sum(r.y * (r.y - 1) + r.a * (r.a - 1) + r.n * (r.n - 1)) as alike_pairs,
        sum(r.t * (r.t - 1)) as pairs,
        sum((r.y * r.a + r.y * r.n + r.a * r.n) / (r.t - 1)) as nominal_observed,
        sum((r.y * r.a + 4 * r.y * r.n + r.a * r.n) / (r.t - 1)) as interval_observed,
        sum(r.y) as y,
        sum(r.a) as a,
        sum(r.n) as n,
        sum(r.t) as t,
    from rollcalls as r
    inner join (values ('all'), ('contested')) as s (scope)
        on s.scope = 'all' or r.contested
    group by r.group_id, r.body, r.source, r.session, r.year, s.scope
)

select
    s.group_id,
    s.body,
    s.source,
    s.session,
    s.year,
    s.scope,
    s.is_default,
    s.rollcall_count,
    s.mean_present,
    s.agreement_index,
    s.rice,
    s.alike_pairs / s.pairs as pairwise,
    1 - (s.t - 1) * s.nominal_observed / nullif(s.y * s.a + s.y * s.n + s.a * s.n, 0)
        as alpha,
    1 - (s.t - 1) * s.interval_observed
        / nullif(s.y * s.a + 4 * s.y * s.n + s.a * s.n, 0) as alpha_interval,
    s.rollcall_count < 10 as low_n,
    greatest(s.y, s.a, s.n) = s.t as degenerate,
from sums as s
