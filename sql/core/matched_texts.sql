-- Texts that two sources of one body both have, so that their ballots can be compared.
-- grain: one text in two sources
-- units: none
-- method: the symbols are equal, and each source has the symbol once, votes on
--   amendments and paragraphs left out
-- column body: GA or SC
-- column symbol: normalized symbol
-- column source_a: the source whose name comes first
-- column resolution_id_a: its identifier of the text
-- column source_b: the other source
-- column resolution_id_b: its identifier of the text
with named as (
    select
        r.body,
        r.symbol,
        r.source,
        min(r.resolution_id) as resolution_id,
    from core.resolutions as r
    where r.symbol is not null and not coalesce(r.is_partial, false)
    group by r.body, r.symbol, r.source
    having count(*) = 1
)

select
    x.body,
    x.symbol,
    x.source as source_a,
    x.resolution_id as resolution_id_a,
    y.source as source_b,
    y.resolution_id as resolution_id_b,
from named as x
inner join named as y
    on y.body = x.body
    and y.symbol = x.symbol
    and y.source > x.source
