-- The texts of treaties, article by article, of every source that has texts.
-- grain: one article of one treaty in one language; (treaty_id, article_seq) is unique
-- units: none
-- method: one view a source: treaty_articles_tota and treaty_articles_texts
-- column source: source of the text
-- column treaty_id: <source>:<number at the source>
-- column article_seq: place in the treaty, counted from 1, over all its languages
-- column part: preamble, article, conclusion or annex
-- column chapter_number: number of the chapter as the text has it, or null
-- column chapter_name: heading of the chapter, or null
-- column article_number: number of the article as the text has it; null for a preamble,
--   a conclusion and a chapter that is not divided
-- column article_name: heading of the article, or null
-- column language: language of the text, ISO 639-1
-- column text_kind: full, partial, draft or summary
-- column text: text of the article, without number and heading
select
    t.source,
    t.treaty_id,
    t.article_seq,
    t.part,
    t.chapter_number,
    t.chapter_name,
    t.article_number,
    t.article_name,
    t.language,
    t.text_kind,
    t.text,
from core.treaty_articles_tota as t
union all
select
    x.source,
    x.treaty_id,
    x.article_seq,
    x.part,
    x.chapter_number,
    x.chapter_name,
    x.article_number,
    x.article_name,
    x.language,
    x.text_kind,
    x.text,
from core.treaty_articles_texts as x
