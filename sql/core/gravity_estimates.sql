-- How much distance, neighbourhood and trade agreements raise or lower trade, by year.
-- kind: table
-- key: source, method, year, regressor
-- transform: gravity_estimates
-- grain: one regressor of the gravity model in one calendar year of its default source
-- units: log points
-- method: the fits of core.gravity; standard errors are clustered by pair of states
--   with the factor G/(G-1), and too small by some where states are few (Weidner and
--   Zylkin 2021)
-- column source: default source of the year
-- column method [code]: reconciled or import_priority
-- column year: calendar year
-- column regressor [code]: ln_distance, contiguity or agreement
-- column coefficient [log points]: effect on the logarithm of the expected flow; null
--   where the data do not tell
-- column std_error [log points]: standard error
-- column flow_count [flows]: flows that entered the fit
-- column zero_count [flows]: of these, flows of 0
-- column note: why there is no coefficient; null where there is one
select
    f.source,
    f.method,
    f.year,
    f.exporter_iso3,
    f.importer_iso3,
    f.actual_usd,
    f.x_ln_distance,
    f.x_contiguity,
    f.x_agreement,
from core.gravity_flows as f
order by f.source, f.method, f.year, f.exporter_iso3, f.importer_iso3
