-- Which words stand in which article, how often: the inverted index of the texts of
-- treaties.
-- kind: table
-- key: term, form, language, treaty_id, article_seq
-- transform: article_terms
-- grain: one form of a word in one article
-- units: words
-- method: a word is a run of letters and digits of the article's heading or text; its
--   form is the word without case and accents; its term is the Snowball stem of the word
--   in the article's language (English, Spanish, French; the form itself in others),
--   with British and American spellings under one. Single letters and the most frequent
--   words of each language are left out. The key begins with the term, so that all of
--   its articles lie together
-- column term [code]: the word's stem, folded
-- column form [code]: the word as it stands in the article, folded
-- column language [code]: language of the article, ISO 639-1; empty where not known
-- column treaty_id: the treaty, as in core.treaties
-- column article_seq: the article, as in core.treaty_articles
-- column word_count [words]: how often the form stands in the article
-- column article_word_count [words]: indexed words of the article, each as often as it
--   stands there
select
    a.treaty_id,
    a.article_seq::integer as article_seq,
    coalesce(a.language, '') as language,
    a.article_name as heading,
    a.text,
from core.treaty_articles as a
