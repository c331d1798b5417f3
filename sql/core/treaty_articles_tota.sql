-- The articles of the Texts of Trade Agreements.
-- grain: one article of one agreement
-- units: none
-- method: as raw.tota_articles; an article without a number in a chapter without a
--   number is the preamble where that chapter comes first, and else the conclusion
-- trace raw.tota_articles: 'tota:' || t.treaty_identifier = r.treaty_id
--   and t.article_seq = r.article_seq
-- column source: tota
-- column treaty_id: tota:<number in the Texts of Trade Agreements>
-- column article_seq: place in the agreement, counted from 1
-- column part: preamble, article (a chapter that is not divided, too) or conclusion
-- column chapter_number: number of the chapter as the text has it
-- column chapter_name: heading of the chapter
-- column article_number: number of the article as the text has it; null for a preamble,
--   a conclusion and a chapter that is not divided
-- column article_name: heading of the article
-- column language: language of the text, ISO 639-1
-- column text_kind: full
-- column text: text of the article
select
    'tota' as source,
    concat('tota:', a.treaty_identifier) as treaty_id,
    a.article_seq,
    case
        when a.article_number is not null or a.chapter_number is not null then 'article'
        when a.chapter_seq = 1 then 'preamble'
        else 'conclusion'
    end as part,
    a.chapter_number,
    a.chapter_name,
    a.article_number,
    a.article_name,
    a.language,
    'full' as text_kind,
    a.text,
from raw.tota_articles as a
