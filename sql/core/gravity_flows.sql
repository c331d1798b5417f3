-- What the gravity model reads: every flow that is known, zeros included, with what
-- lies between its two ends.
-- grain: one flow of goods between two states or territories in one calendar year of
--   its default source
-- units: current US dollars; logarithms of kilometres; 0 and 1
-- method: the flow is that of method reconciled where the source has it, else of
--   import_priority; a flow that nobody reported is 0 if the importer filed imports or
--   the exporter exports (core.trade_filings), and else left out. Flows of states whose
--   capital is not known are left out. Columns that begin with x_ are regressors
-- column source: default source of the year
-- column method [code]: reconciled or import_priority
-- column year: calendar year
-- column exporter_iso3: the exporter
-- column importer_iso3: the importer
-- column actual_usd [US dollars]: the flow
-- column x_ln_distance [log km]: natural logarithm of the distance of the capitals
-- column x_contiguity: 1 if the two touch by land on any day of the year, else 0
-- column x_agreement: 1 if a trade agreement of DESTA binds the two at the end of the
--   year, else 0, also where DESTA was not asked
with states as (
    select
        c.year,
        t.iso3,
        t.zero_exports,
        t.zero_imports,
    from core.trade_series as c
    inner join core.trade_totals as t
        on t.source = c.source
        and t.method = c.method
        and t.year = c.year
),

-- a flow, or the 0 that silence means
flows as (
    select
        f.year,
        f.exporter_iso3,
        f.importer_iso3,
        max(f.value_usd) as value_usd,
    from (
        select
            t.year,
            t.exporter_iso3,
            t.importer_iso3,
            t.value_usd,
        from core.trade as t
        inner join core.trade_series as c
            on c.source = t.source
            and c.method = t.method
            and c.year = t.year
        where t.product = 'TOTAL' and t.exporter_iso3 <> t.importer_iso3
        union all
        select
            x.year,
            x.iso3 as exporter_iso3,
            m.iso3 as importer_iso3,
            0 as value_usd,
        from states as x
        inner join states as m
            on m.year = x.year
            and m.iso3 <> x.iso3
        where x.zero_exports or m.zero_imports
    ) as f
    group by f.year, f.exporter_iso3, f.importer_iso3
),

-- kept apart, so that distances are joined to flows and not to every year
apart as materialized (
    select
        d.iso3_a,
        d.iso3_b,
        d.year_from,
        coalesce(d.year_to, 9999) as year_to,
        ln(d.distance_km) as ln_distance,
    from core.distances as d
    where d.distance_km > 0
),

land as (
    select distinct
        c.iso3_a,
        c.iso3_b,
        unnest(
            range(
                year(c.valid_from),
                coalesce(year(c.valid_to - 1), 2199) + 1
            )
        ) as year,
    from core.contiguity as c
    where c.contiguity = 1
),

agreements as (
    select distinct
        a.iso3_a,
        a.iso3_b,
        unnest(range(a.first_year, least(a.last_year, 2199) + 1)) as year,
    from core.trade_agreement_dyads as a
)

select
    c.source,
    c.method,
    f.year,
    f.exporter_iso3,
    f.importer_iso3,
    f.value_usd as actual_usd,
    d.ln_distance as x_ln_distance,
    case when l.year is null then 0.0::double else 1.0::double end as x_contiguity,
    case when a.year is null then 0.0::double else 1.0::double end as x_agreement,
from flows as f
inner join core.trade_series as c
    on c.year = f.year
inner join apart as d
    on d.iso3_a = least(f.exporter_iso3, f.importer_iso3)
    and d.iso3_b = greatest(f.exporter_iso3, f.importer_iso3)
    and f.year between d.year_from and d.year_to
left join land as l
    on l.iso3_a = f.exporter_iso3
    and l.iso3_b = f.importer_iso3
    and l.year = f.year
left join agreements as a
    on a.iso3_a = least(f.exporter_iso3, f.importer_iso3)
    and a.iso3_b = greatest(f.exporter_iso3, f.importer_iso3)
    and a.year = f.year
