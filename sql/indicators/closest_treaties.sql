-- The treaties whose wording is closest to that of a given one.
-- kind: macro
-- parameters: treaty, n
-- grain: one other treaty; the n closest
-- units: shares of words
-- method: as indicators.treaty_similarity; equal ones are in order of their ids
-- column rank: place by similarity, from 1
-- column treaty_id: the other treaty
-- column title: its title
-- column signed_date [day]: its signature
-- column similarity: shared words of both over words of both
-- column share_of_given: part of the given treaty's words that is in similar articles of
--   the other
-- column share_of_other: part of the other's words that is in similar articles of the
--   given one
-- column article_count [articles]: articles of the given treaty with a similar one in
--   the other
-- column is_earlier: whether the other was signed first, so that it may be the source;
--   null where that is not known
with pairs as (
    select
        s.treaty_id_b as treaty_id,
        s.similarity,
        s.share_a as share_of_given,
        s.share_b as share_of_other,
        s.article_count_a as article_count,
        s.earlier_treaty_id,
    from indicators.treaty_similarity as s
    where s.treaty_id_a = treaty
    union all
    select
        s.treaty_id_a as treaty_id,
        s.similarity,
        s.share_b as share_of_given,
        s.share_a as share_of_other,
        s.article_count_b as article_count,
        s.earlier_treaty_id,
    from indicators.treaty_similarity as s
    where s.treaty_id_b = treaty
)

select
    row_number() over (order by p.similarity desc, p.treaty_id) as rank,
    p.treaty_id,
    t.title,
    t.signed_date,
    p.similarity,
    p.share_of_given,
    p.share_of_other,
    p.article_count,
    p.earlier_treaty_id = p.treaty_id as is_earlier,
from pairs as p
left join core.treaties as t
    on t.treaty_id = p.treaty_id
qualify rank <= n
order by rank
