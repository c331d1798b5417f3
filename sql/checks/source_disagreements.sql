-- Ballots on which two sources of one body contradict each other.
-- level: warning
-- grain: one state on one text that two sources have
-- method: texts are matched by symbol (core.matched_texts); a state that one source has
--   no row of is no contradiction
-- column body: GA or SC
-- column symbol: the text
-- column iso3: the state
-- column source_a: one source
-- column vote_a: what it says
-- column source_b: the other source
-- column vote_b: what it says
select
    m.body,
    m.symbol,
    x.iso3,
    m.source_a,
    x.vote as vote_a,
    m.source_b,
    y.vote as vote_b,
from core.matched_texts as m
inner join core.votes as x
    on x.source = m.source_a
    and x.resolution_id = m.resolution_id_a
inner join core.votes as y
    on y.source = m.source_b
    and y.resolution_id = m.resolution_id_b
    and y.iso3 = x.iso3
where x.vote <> y.vote
