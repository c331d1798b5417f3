-- How each estimate of ideal points was made, and how far it can be trusted.
-- grain: one scope, by method
-- units: none
-- method: prediction from the posterior means; R-hat and effective draws of half chains
--   (Gelman and others 2013, 11.4 and 11.5), the worst of all positions: above 1.1 the
--   chains do not agree on that one. The states with the widest bands: order
--   indicators.ideal_points by q95 - q05
-- column method: vb or gibbs
-- column scope: which votes, as in core.ideal_point_ballots
-- column position_count: states in sessions
-- column ballot_sum [ballots]: ballots that entered
-- column sweeps: of vb, how often the fit went through all ballots; of gibbs, sweeps
--   kept in all chains
-- column is_converged: of vb, whether the fit settled within the sweeps it is allowed; of
--   gibbs, whether R-hat is below 1.1 for 95 % of positions
-- column worst_rhat: largest R-hat; null for vb
-- column least_effective_draws: least effective draws of a position; null for vb
-- column mean_sd [standard deviations]: mean standard deviation of a position
-- column log_likelihood: mean logarithm of the probability given to each ballot
-- column correct_share [share]: ballots whose likeliest choice was cast
-- column modal_share [share]: ballots that are their item's commonest choice
-- column seed: of the first chain; null for vb, which draws nothing
-- column chains: chains; null for vb
-- column input_hash: first 16 digits of the SHA-256 of the ballots
select
    i.method,
    i.scope,
    cast(count(*) as integer) as position_count,
    cast(sum(i.ballot_count) as integer) as ballot_sum,
    max(i.sweeps) as sweeps,
    bool_and(i.is_converged) as is_converged,
    cast(null as double) as worst_rhat,
    cast(null as double) as least_effective_draws,
    avg(i.sd) as mean_sd,
    max(i.log_likelihood) as log_likelihood,
    max(i.correct_share) as correct_share,
    max(i.modal_share) as modal_share,
    cast(null as bigint) as seed,
    cast(null as integer) as chains,
    max(i.input_hash) as input_hash,
from core.ideal_points as i
group by i.method, i.scope
union all
select
    'gibbs' as method,
    g.scope,
    cast(count(*) as integer) as position_count,
    cast(sum(g.ballot_count) as integer) as ballot_sum,
    max(g.kept_sweeps * g.chains) as sweeps,
    count(*) filter (where g.rhat < 1.1) >= 0.95 * count(*) as is_converged,
    max(g.rhat) as worst_rhat,
    min(g.effective_draws) as least_effective_draws,
    avg(g.sd) as mean_sd,
    max(g.log_likelihood) as log_likelihood,
    max(g.correct_share) as correct_share,
    max(g.modal_share) as modal_share,
    max(g.seed) as seed,
    max(g.chains) as chains,
    max(g.input_hash) as input_hash,
from raw.gibbs_ideal_points as g
group by g.scope
