-- Obligations of ATOP's alliances, as people coded them: what core.treaty_obligations
-- has of them.
-- kind: view
-- grain: one class of obligation of one alliance as first signed
-- units: none
-- method: raw.atop_alliances; only what the alliance provides for has a row, so an
--   alliance without rows was coded and has none of the five
-- trace raw.atop_alliances: 'atop:' || t.atopid = r.treaty_id
-- column treaty_id: the alliance, as in core.treaties
-- column source: atop
-- column method [code]: coded
-- column obligation [code]: defense, offense, neutrality, nonaggression or consultation
-- column finding_seq: 1
-- column is_conditional: whether it depends on a condition; null for nonaggression,
--   which the project does not ask of it
-- column is_asymmetric: whether members of the alliance owe different things
-- column article_seq: null
-- column matched_words: null
-- column rule_id: null
select
    'atop:' || a.atopid as treaty_id,
    'atop' as source,
    'coded' as method,
    o.obligation,
    1 as finding_seq,
    case o.obligation
        when 'defense' then a.defcon
        when 'offense' then a.offcon
        when 'neutrality' then a.neucon
        when 'consultation' then a.concon
    end as is_conditional,
    a.asymm as is_asymmetric,
    null::integer as article_seq,
    null::varchar as matched_words,
    null::varchar as rule_id,
from raw.atop_alliances as a
cross join (
    values ('defense'), ('offense'), ('neutrality'), ('nonaggression'), ('consultation')
) as o (obligation)
where
    case o.obligation
        when 'defense' then a.defense
        when 'offense' then a.offense
        when 'neutrality' then a.neutral
        when 'nonaggression' then a.nonagg
        else a.consul
    end
