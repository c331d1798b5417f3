-- How long each article is, in words that are indexed.
-- kind: table
-- key: treaty_id, article_seq
-- grain: one article with at least one indexed word
-- units: words
-- method: as core.article_terms; heading included, stop words not
-- trace core.article_terms: t.article_index = r.article_index
-- column treaty_id: the treaty, as in core.treaties
-- column article_seq: the article, as in core.treaty_articles
-- column article_index: the article, as core.article_terms names it
-- column language [code]: ISO 639-1; empty where not known
-- column word_count [words]: indexed words, each as often as it stands there
select
    n.treaty_id,
    n.article_seq,
    n.article_index,
    n.language,
    t.word_count,
from core.numbered_articles as n
inner join (
    select
        w.article_index,
        sum(w.word_count)::integer as word_count,
    from core.article_terms as w
    group by w.article_index
) as t
    on t.article_index = n.article_index
