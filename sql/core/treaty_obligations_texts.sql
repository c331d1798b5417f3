-- Obligations that rules find in the texts of treaties: what core.treaty_obligations has
-- of them.
-- kind: view
-- grain: one class of obligation that one rule finds in one article
-- units: none
-- method: core.treaty_clauses; a text in which no rule finds a class may have it all the
--   same, so that the absence of a row says nothing
-- column treaty_id: the treaty, as in core.treaties
-- column source: source of the text
-- column method [code]: extracted
-- column obligation [code]: defense, offense, neutrality, nonaggression or consultation
-- column finding_seq: number of the finding among those of the treaty and class, in the
--   order of the text
-- column is_conditional: null
-- column is_asymmetric: null
-- column article_seq: the article that says so, as in core.treaty_articles
-- column matched_words: the words that say so
-- column rule_id: the rule that found them
select
    c.treaty_id,
    c.source,
    'extracted' as method,
    c.value as obligation,
    row_number() over (
        partition by c.treaty_id, c.value
        order by c.article_seq, c.rule_id
    )::integer as finding_seq,
    null::boolean as is_conditional,
    null::boolean as is_asymmetric,
    c.article_seq,
    c.matched_words,
    c.rule_id,
from core.treaty_clauses as c
where c.provision = 'obligation'
