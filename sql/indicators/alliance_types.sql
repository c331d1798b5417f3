-- What kind of alliance each one is: between two or among many, and what it obliges to
-- (A6).
-- grain: one alliance of one source that people coded
-- units: states, years
-- method: core.treaties of kind alliance with the coded obligations of
--   core.treaty_obligations (Leeds, Ritter, Mitchell and Long 2002); bilateral is an
--   alliance that never had more than two members. A renegotiated alliance is one; a
--   successor treaty is another
-- column treaty_id: the alliance
-- column source: which source
-- column form [code]: bilateral or multilateral
-- column party_count [states]: states that were ever a party; null where not known
-- column signed_year [year]: year of signature
-- column end_year [year]: year in which it ended; null while it lasts
-- column defense: assistance if attacked
-- column offense: assistance in an attack
-- column neutrality: staying out of a member's conflicts
-- column nonaggression: no force against a member
-- column consultation: consultation in a crisis
-- column is_nonaggression_only: whether it obliges to nothing but that
-- column is_asymmetric: whether members owe different things; null if it obliges to none
--   of the five
-- column is_conditional: whether an obligation depends on a condition; null as before
with found as (
    select
        o.treaty_id,
        bool_or(o.obligation = 'defense') as defense,
        bool_or(o.obligation = 'offense') as offense,
        bool_or(o.obligation = 'neutrality') as neutrality,
        bool_or(o.obligation = 'nonaggression') as nonaggression,
        bool_or(o.obligation = 'consultation') as consultation,
        bool_and(o.obligation = 'nonaggression') as is_nonaggression_only,
        bool_or(o.is_asymmetric) as is_asymmetric,
        bool_or(coalesce(o.is_conditional, false)) as is_conditional,
    from core.treaty_obligations as o
    where o.method = 'coded'
    group by o.treaty_id
)

select
    t.treaty_id,
    t.source,
    t.form,
    t.party_count,
    t.signed_year,
    t.end_year,
    coalesce(f.defense, false) as defense,
    coalesce(f.offense, false) as offense,
    coalesce(f.neutrality, false) as neutrality,
    coalesce(f.nonaggression, false) as nonaggression,
    coalesce(f.consultation, false) as consultation,
    coalesce(f.is_nonaggression_only, false) as is_nonaggression_only,
    f.is_asymmetric,
    f.is_conditional,
from core.treaties as t
left join found as f
    on f.treaty_id = t.treaty_id
where t.kind = 'alliance' and t.source = 'atop'
