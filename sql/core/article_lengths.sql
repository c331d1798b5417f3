-- How long each article is, in words that are indexed.
-- kind: table
-- key: treaty_id, article_seq
-- grain: one article with at least one indexed word
-- units: words
-- method: as core.article_terms; heading included, stop words not
-- column treaty_id: the treaty, as in core.treaties
-- column article_seq: the article, as in core.treaty_articles
-- column language [code]: ISO 639-1; empty where not known
-- column word_count [words]: indexed words, each as often as it stands there
select
    t.treaty_id,
    t.article_seq,
    any_value(t.language) as language,
    any_value(t.article_word_count) as word_count,
from core.article_terms as t
group by t.treaty_id, t.article_seq
