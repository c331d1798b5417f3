-- Where each state stood in each session, estimated from its ballots in every run.
-- kind: table
-- key: scope, session, series
-- transform: ideal_points
-- grain: one state in one session, by scope
-- units: standard deviations over all states and sessions; positive is towards the
--   United States
-- method: dynamic ordinal probit of Bailey, Strezhnev and Voeten 2017 by variational
--   Bayes; standard deviations from the curvature of the likelihood, because the
--   variational ones are too small (Louis 1982); see docs/methods/ideal-points.md.
--   A state that cast no ballot in a session has no row. States that no chain of
--   common items and states links to the others have none, nor has a scope in which the
--   United States and Russia never chose differently
-- column scope: which votes, as in core.ideal_point_ballots
-- column iso3: the state
-- column session [session]: regular session of the Assembly
-- column series: Correlates of War number
-- column method: vb
-- column theta [standard deviations]: position
-- column sd [standard deviations]: standard deviation of the position
-- column q05 [standard deviations]: 5 % quantile
-- column q95 [standard deviations]: 95 % quantile
-- column ballot_count [ballots]: ballots of the state in the session that entered
-- column sweeps: how often the fit went through all ballots
-- column is_converged: whether the fit settled within the sweeps it is allowed
-- column log_likelihood: mean logarithm of the probability that the fit gives to each
--   ballot of the scope
-- column correct_share [share]: ballots of the scope whose likeliest choice was cast
-- column modal_share [share]: ballots of the scope that are their item's commonest choice
-- column input_hash: first 16 digits of the SHA-256 of the scope's ballots
select
    b.scope,
    b.item,
    b.session,
    b.series,
    b.iso3,
    b.vote,
from core.ideal_point_ballots as b
order by b.scope, b.item, b.vote, b.session, b.series
