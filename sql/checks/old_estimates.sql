-- Scopes whose ideal points by Gibbs sampling were estimated from other ballots than
-- those of this release.
-- level: warning
-- grain: one scope
-- method: the hash of the ballots that an estimate rests on is compared with that of the
--   variational estimate, which every run makes from the ballots as they are
-- column scope: which votes
-- column estimated_from: hash of the ballots that the estimate rests on
-- column ballots_now: hash of the ballots in the release; null if there are none
select distinct
    g.scope,
    g.input_hash as estimated_from,
    i.input_hash as ballots_now,
from raw.gibbs_ideal_points as g
left join core.ideal_points as i
    on i.scope = g.scope
where i.input_hash is distinct from g.input_hash
