-- How far one state is committed to another by their alliances, on one scale.
-- kind: view
-- grain: one ordered pair of states in one calendar year, by coding
-- units: levels 0 to 3
-- method: indicators.alliance_commitment says what the levels are (A1)
-- column coding [code]: atop, cow or treaty
-- column year: calendar year
-- column provider_iso3: the state that is committed
-- column receiver_iso3: the state to which it is committed
-- column level: 0 to 3
select
    t.coding,
    t.year,
    t.provider_iso3,
    t.receiver_iso3,
    case
        when t.defense or t.offense then 3
        when t.neutrality then 2
        when t.coding = 'cow' and t.nonaggression then 2
        when t.coding = 'cow' and t.consultation then 1
        when t.coding = 'cow' then 0
        when t.consultation then 2
        when t.nonaggression then 1
        else 0
    end::tinyint as level,
from core.alliance_ties as t
