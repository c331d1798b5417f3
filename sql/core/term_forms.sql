-- Every form of a word that stands in an article, with its term: how a query's words are
-- stemmed.
-- kind: table
-- key: form, language, term
-- grain: one form and term of one language; a form has two terms where accents tell two
--   words apart
-- units: articles
-- method: as core.article_terms
-- column form [code]: the word without case and accents
-- column language [code]: ISO 639-1; empty where not known
-- column term [code]: its Snowball stem, folded
-- column article_count [articles]: articles in which the form stands
select
    t.form,
    a.language,
    t.term,
    count(*)::integer as article_count,
from core.article_terms as t
inner join core.article_lengths as a
    on a.article_index = t.article_index
group by t.form, a.language, t.term
