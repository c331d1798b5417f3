-- What treaties oblige their parties to in five classes, by who or what found it.
-- kind: table
-- key: treaty_id, method, obligation, finding_seq
-- grain: one class of obligation in one treaty, found once; a rule may find it in
--   several articles
-- units: none
-- method: classes of Leeds, Ritter, Mitchell and Long 2002. Union of one view a source;
--   coded (by people) and extracted (by a rule, with its evidence) are never merged: a
--   query chooses one
-- column treaty_id: the treaty, as in core.treaties
-- column source: which source
-- column method [code]: coded or extracted
-- column obligation [code]: defense, offense, neutrality, nonaggression or consultation
-- column finding_seq: number of the finding among those of the treaty, method and class
-- column is_conditional: whether it depends on a condition; null where not known
-- column is_asymmetric: whether parties owe different things; null where not known
-- column article_seq: the article that says so, as in core.treaty_articles; null if coded
-- column matched_words: the words that say so; null if coded
-- column rule_id: the rule that found them; null if coded
select
    a.treaty_id,
    a.source,
    a.method,
    a.obligation,
    a.finding_seq,
    a.is_conditional,
    a.is_asymmetric,
    a.article_seq,
    a.matched_words,
    a.rule_id,
from core.treaty_obligations_atop as a
union all
select
    t.treaty_id,
    t.source,
    t.method,
    t.obligation,
    t.finding_seq,
    t.is_conditional,
    t.is_asymmetric,
    t.article_seq,
    t.matched_words,
    t.rule_id,
from core.treaty_obligations_texts as t
