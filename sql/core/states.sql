-- States as spells: each row is one state over a span of days in which its codes did
-- not change.
-- kind: table
-- key: iso3, valid_from
-- grain: one spell of one state
-- units: days and codes; no quantities
-- method: facts restated from the code lists named in the reference source; decisions
--   on succession are in the note of the spell
-- column iso3: ISO 3166-1 alpha-3 code; for former states the ISO 3166-3 one or the
--   long-standing one
-- column name: short English name during the spell
-- column kind [code]: state, territory (trades under a code of its own) or union (of
--   states that report their trade together)
-- column valid_from [day]: first day of the spell
-- column valid_to [day]: first day after the spell; null while it lasts
-- column cow: Correlates of War number
-- column gw: Gleditsch-Ward number
-- column m49: United Nations M49 number
-- column comtrade: number in UN Comtrade
-- column imf: code in the data of the International Monetary Fund
-- column un_member_from [day]: first day as a member of the United Nations
-- column un_member_to [day]: first day after membership; null while it lasts
-- column region: code of the region that the state is counted in
-- column successor_iso3: state that took the seat or the territory over
-- column note: why the spell begins or ends as it does
select
    s.iso3,
    s.name,
    s.kind,
    s.valid_from,
    s.valid_to,
    s.cow,
    s.gw,
    s.m49,
    s.comtrade,
    s.imf,
    s.un_member_from,
    s.un_member_to,
    s.region,
    s.successor_iso3,
    s.note,
from raw.reference_states as s
