-- Troops that one state stations in another, by year (input of X4, for P15). Empty: no
-- source of them is loaded.
-- grain: one stationing state and host in one calendar year
-- units: persons
-- method: the view is here so that the question has a place and a name: counts of
--   personnel abroad are published for the United States (Defense Manpower Data Center,
--   quarterly reports by country) and compiled from them; a source that reads them has
--   this view read its table. What is loaded of a withdrawal is the military spending
--   of core.economies and the votes of indicators.group_alignment
-- column year: calendar year
-- column provider_iso3: the state whose troops they are
-- column host_iso3: the state in which they are
-- column troop_count [persons]: active-duty personnel stationed there
select
    0::smallint as year,
    null::varchar as provider_iso3,
    null::varchar as host_iso3,
    null::integer as troop_count,
where false
