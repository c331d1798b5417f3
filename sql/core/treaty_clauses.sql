-- What rules find in the texts of treaties, with the words that each finding rests on.
-- kind: table
-- key: treaty_id, article_seq, rule_id, value
-- transform: treaty_clauses
-- grain: one value that one rule finds in one article
-- units: none
-- method: regular expressions over sentences, declared in transforms/findings; what they
--   miss and mistake is measured in docs/extraction.md. Summaries are not read: their
--   words are not the treaty's. core.treaty_findings and core.treaty_obligations_texts
--   are views on this table
-- column treaty_id: the treaty, as in core.treaties
-- column article_seq: the article, as in core.treaty_articles
-- column rule_id: the rule
-- column value: what the text says, in the provision's own terms
-- column provision [code]: what it is about; obligation is one of the five classes
-- column source: source of the text
-- column language: language of the article, ISO 639-1
-- column matched_words: the words, with white space joined and cut at 400 bytes
select
    a.source,
    a.treaty_id,
    a.article_seq::integer as article_seq,
    a.part,
    a.language,
    coalesce(
        a.part in ('article', 'conclusion') and a.article_seq >= l.article_seq,
        false
    ) as is_last,
    a.text,
from core.treaty_articles as a
left join (
    select
        t.treaty_id,
        t.language,
        max(t.article_seq) as article_seq,
    from core.treaty_articles as t
    where t.part = 'article'
    group by t.treaty_id, t.language
) as l
    on l.treaty_id = a.treaty_id
    and l.language is not distinct from a.language
where a.text_kind is distinct from 'summary'
