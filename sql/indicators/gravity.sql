-- How much more, or less, a state trades with another than distance and their sizes
-- would have it (E9).
-- grain: one flow of goods between two states or territories in one calendar year of
--   its default source
-- units: current US dollars; ratio, 1 being as expected
-- method: core.gravity. The residual is a ratio and not its logarithm, because a flow
--   of 0 has no logarithm. A flow from a state that trades with nobody has no ratio
-- column exporter_iso3: the exporter
-- column importer_iso3: the importer
-- column year: calendar year
-- column source: default source of the year
-- column method [code]: reconciled or import_priority
-- column actual_usd [US dollars]: the flow
-- column expected_usd [US dollars]: the flow by the model
-- column ratio: actual_usd/expected_usd; null where 0 is expected, or nothing
select
    g.exporter_iso3,
    g.importer_iso3,
    g.year,
    g.source,
    g.method,
    g.actual_usd,
    g.expected_usd,
    g.actual_usd / nullif(g.expected_usd, 0) as ratio,
from core.gravity as g
