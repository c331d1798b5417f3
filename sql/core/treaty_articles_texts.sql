-- The articles of the operator's treaty texts.
-- kind: view
-- grain: one article of one treaty in one language
-- units: none
-- method: raw.text_articles
-- trace raw.text_articles: 'text:' || t.text_id = r.treaty_id
--   and t.article_seq = r.article_seq
-- column source: texts
-- column treaty_id: text: and the id of the text
-- column article_seq: place in the text, counted from 1, over all its languages
-- column part: preamble, article (a chapter that is not divided, too), conclusion or annex
-- column chapter_number: number of the chapter, or keyword of the annex
-- column chapter_name: heading of the chapter or annex
-- column article_number: number of the article as the text has it; null for other parts
--   and what is not divided
-- column article_name: heading of the article
-- column language: language of the words, ISO 639-1
-- column text_kind: full, partial, draft or summary
-- column text: text of the article
select
    'texts' as source,
    'text:' || a.text_id as treaty_id,
    a.article_seq,
    a.part,
    a.chapter_number,
    a.chapter_name,
    a.article_number,
    a.article_name,
    a.language,
    a.text_kind,
    a.text,
from raw.text_articles as a
