-- The articles of treaties, numbered through, as the index of their words names them.
-- grain: one article
-- units: none
-- method: numbers in order of treaty and place in its text; another release may number
--   otherwise, so join by treaty_id and article_seq across releases
-- column article_index: number of the article among those of all treaties, from 1
-- column treaty_id: the treaty, as in core.treaties
-- column article_seq: the article, as in core.treaty_articles
-- column language [code]: ISO 639-1; empty where not known
select
    row_number() over (order by a.treaty_id, a.article_seq)::integer as article_index,
    a.treaty_id,
    a.article_seq::integer as article_seq,
    coalesce(a.language, '') as language,
from core.treaty_articles as a
