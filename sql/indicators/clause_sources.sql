-- Where an article's wording may come from: the closest article of a treaty signed
-- earlier.
-- grain: one article that shares at least half of its wording with an article of a
--   treaty signed earlier
-- units: shares of runs of five words
-- method: of the pairs in core.article_similarities whose other treaty was signed
--   earlier, the one with the largest overlap; of equal ones the one signed first, then
--   by id. Likeness is no proof of copying: both may follow a third text that is not
--   here
-- column treaty_id: the later treaty
-- column article_seq: its article
-- column signed_date [day]: its signature
-- column source_treaty_id: the earlier treaty
-- column source_article_seq: its article
-- column source_signed_date [day]: its signature
-- column jaccard: overlap of the two articles, 0.5 to 1
-- column copied_share: part of the later article's runs that the earlier one has
-- column candidate_count [articles]: similar articles of treaties signed earlier
with pairs as (
    select
        s.treaty_id_a as treaty_id,
        s.article_seq_a as article_seq,
        s.treaty_id_b as source_treaty_id,
        s.article_seq_b as source_article_seq,
        s.jaccard,
        s.shared_count / s.run_count_a as copied_share,
    from core.article_similarities as s
    union all
    select
        s.treaty_id_b as treaty_id,
        s.article_seq_b as article_seq,
        s.treaty_id_a as source_treaty_id,
        s.article_seq_a as source_article_seq,
        s.jaccard,
        s.shared_count / s.run_count_b as copied_share,
    from core.article_similarities as s
)

select
    p.treaty_id,
    p.article_seq,
    t.signed_date,
    p.source_treaty_id,
    p.source_article_seq,
    e.signed_date as source_signed_date,
    p.jaccard,
    p.copied_share,
    count(*) over (partition by p.treaty_id, p.article_seq) as candidate_count,
from pairs as p
inner join core.treaties as t
    on t.treaty_id = p.treaty_id
inner join core.treaties as e
    on e.treaty_id = p.source_treaty_id
    and e.signed_date < t.signed_date
qualify
    row_number() over (
        partition by p.treaty_id, p.article_seq
        order by
            p.jaccard desc,
            e.signed_date,
            p.source_treaty_id,
            p.source_article_seq
    ) = 1
