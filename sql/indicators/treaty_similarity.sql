-- How much of their wording two treaties share.
-- grain: one pair of treaties with at least one pair of articles in
--   core.article_similarities
-- units: shares of words
-- method: of each article, the largest share of its runs of five words that one similar
--   article of the other treaty has, times the article's indexed words; added up over
--   the treaty's articles and divided by the words of all of them. A lower bound: words
--   in articles that are less than half alike do not count
-- trace core.treaties: t.treaty_id in (r.treaty_id_a, r.treaty_id_b)
-- trace core.article_lengths: t.treaty_id in (r.treaty_id_a, r.treaty_id_b)
-- column treaty_id_a: the treaty that comes first by its id
-- column treaty_id_b: the other
-- column similarity: shared words of both over words of both
-- column share_a: part of the first treaty's words that is in similar articles of the
--   other
-- column share_b: part of the other's words that is in similar articles of the first
-- column article_count_a [articles]: articles of the first with a similar one in the
--   other
-- column article_count_b [articles]: articles of the other with a similar one in the
--   first
-- column earlier_treaty_id: the one that was signed first, which may be the source of
--   the wording; null where that is not known
with best_a as (
    select
        s.treaty_id_a,
        s.treaty_id_b,
        s.article_seq_a,
        max(s.shared_count / s.run_count_a) as share,
    from core.article_similarities as s
    group by s.treaty_id_a, s.treaty_id_b, s.article_seq_a
),

best_b as (
    select
        s.treaty_id_a,
        s.treaty_id_b,
        s.article_seq_b,
        max(s.shared_count / s.run_count_b) as share,
    from core.article_similarities as s
    group by s.treaty_id_a, s.treaty_id_b, s.article_seq_b
),

shared_a as (
    select
        b.treaty_id_a,
        b.treaty_id_b,
        count(*) as article_count,
        sum(b.share * l.word_count) as word_count,
    from best_a as b
    inner join core.article_lengths as l
        on l.treaty_id = b.treaty_id_a
        and l.article_seq = b.article_seq_a
    group by b.treaty_id_a, b.treaty_id_b
),

shared_b as (
    select
        b.treaty_id_a,
        b.treaty_id_b,
        count(*) as article_count,
        sum(b.share * l.word_count) as word_count,
    from best_b as b
    inner join core.article_lengths as l
        on l.treaty_id = b.treaty_id_b
        and l.article_seq = b.article_seq_b
    group by b.treaty_id_a, b.treaty_id_b
),

lengths as (
    select
        l.treaty_id,
        sum(l.word_count) as word_count,
    from core.article_lengths as l
    group by l.treaty_id
)

select
    a.treaty_id_a,
    a.treaty_id_b,
    (a.word_count + b.word_count) / (x.word_count + y.word_count) as similarity,
    a.word_count / x.word_count as share_a,
    b.word_count / y.word_count as share_b,
    a.article_count as article_count_a,
    b.article_count as article_count_b,
    case
        when coalesce(t.signed_date < u.signed_date, t.signed_year < u.signed_year)
            then a.treaty_id_a
        when coalesce(t.signed_date > u.signed_date, t.signed_year > u.signed_year)
            then a.treaty_id_b
    end as earlier_treaty_id,
from shared_a as a
inner join shared_b as b
    on b.treaty_id_a = a.treaty_id_a
    and b.treaty_id_b = a.treaty_id_b
inner join lengths as x
    on x.treaty_id = a.treaty_id_a
inner join lengths as y
    on y.treaty_id = a.treaty_id_b
left join core.treaties as t
    on t.treaty_id = a.treaty_id_a
left join core.treaties as u
    on u.treaty_id = a.treaty_id_b
