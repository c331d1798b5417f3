-- Which words stand in which article, how often: the inverted index of the texts of
-- treaties.
-- kind: table
-- key: term, form, article_index
-- transform: article_terms
-- grain: one form of a word in one article
-- units: words
-- method: a word is a run of letters and digits of the article's heading or text; its
--   form is the word without case and accents; its term is the Snowball stem of the word
--   in the article's language (English, Spanish, French; the form itself in others),
--   with British and American spellings under one. Single letters and the most frequent
--   words of each language are left out. The key begins with the term, so that all of
--   its articles lie together
-- trace core.numbered_articles: t.article_index = r.article_index
-- column term [code]: the word's stem, folded
-- column form [code]: the word as it stands in the article, folded
-- column article_index: the article, as in core.article_lengths, which says of which
--   treaty it is, and in which language
-- column word_count [words]: how often the form stands in the article
select
    n.article_index,
    n.language,
    a.article_name as heading,
    a.text,
from core.treaty_articles as a
inner join core.numbered_articles as n
    on n.treaty_id = a.treaty_id
    and n.article_seq = a.article_seq
