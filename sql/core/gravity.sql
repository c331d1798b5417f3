-- Every trade flow with what the gravity model expects of it.
-- kind: table
-- key: exporter_iso3, importer_iso3, source, method, year
-- transform: gravity
-- grain: one flow of goods between two states or territories in one calendar year of
--   its default source
-- units: current US dollars
-- method: each year is fitted on its own by Poisson pseudo-maximum likelihood with an
--   effect of every exporter and of every importer and the regressors of
--   core.gravity_flows (Santos Silva and Tenreyro 2006; Yotov, Piermartini, Monteiro
--   and Larch 2016); expected and actual flows have the same sums by exporter and by
--   importer. Zeros are kept
-- column exporter_iso3: the exporter
-- column importer_iso3: the importer
-- column source: default source of the year
-- column method [code]: reconciled or import_priority
-- column year: calendar year
-- column actual_usd [US dollars]: the flow
-- column expected_usd [US dollars]: the flow by the model; 0 of a state that trades
--   with nobody; null where the year could not be fitted (core.gravity_estimates says
--   why)
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
