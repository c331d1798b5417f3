-- What treaties say of signature, entry into force, duration, termination, depositary,
-- bodies, references, exceptions and disputes.
-- kind: view
-- grain: one value that one rule finds in one article
-- units: none
-- method: core.treaty_clauses without obligations, which are in core.treaty_obligations.
--   A text can say several things of one provision, and so can several rules; nothing is
--   chosen. docs/extraction.md says how often each is right
-- column treaty_id: the treaty, as in core.treaties
-- column source: source of the text
-- column method [code]: extracted
-- column article_seq: the article, as in core.treaty_articles
-- column provision [code]: signature_date, signature_place, entry_into_force_date,
--   entry_into_force_condition, duration, termination_notice, accession, depositary,
--   body, reference, dispute_settlement or exception
-- column value: a day (2007-04-03), a class, a span (6 months) or a name, as the
--   provision has it
-- column matched_words: the words that say so
-- column rule_id: the rule that found them
-- column language: language of the article, ISO 639-1
select
    c.treaty_id,
    c.source,
    'extracted' as method,
    c.article_seq,
    c.provision,
    c.value,
    c.matched_words,
    c.rule_id,
    c.language,
from core.treaty_clauses as c
where c.provision <> 'obligation'
