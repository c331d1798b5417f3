-- The Composite Index of National Capability with its six parts, worked out again from
-- the components, beside the published value (C0).
-- grain: one Correlates of War number in one calendar year; Germany and Yemen have two
--   in 1990
-- units: shares 0 to 1
-- method: mean, over the components that are not missing, of the state's share in the
--   total of all states that have the component in the year. Singer, Bremer and Stuckey
--   1972. Where components are missing, the index of a year does not sum to 1: divide
--   by system_cinc where weights must
-- column ccode: Correlates of War number
-- column iso3: the state
-- column year: calendar year
-- column milex_share [share]: share of military expenditures
-- column milper_share [share]: share of military personnel
-- column irst_share [share]: share of iron and steel production
-- column pec_share [share]: share of primary energy consumption
-- column tpop_share [share]: share of population
-- column upop_share [share]: share of urban population
-- column component_count [components]: components that are not missing
-- column cinc [share]: their mean; null if all are missing
-- column published_cinc [share]: the index as published
-- column deviation [share]: cinc - published_cinc
-- column system_cinc [share]: sum of cinc over the year's states
with parts as (
    select
        c.ccode,
        c.iso3,
        c.year,
        c.milex / nullif(fsum(c.milex) over (partition by c.year), 0) as milex_share,
        c.milper / nullif(fsum(c.milper) over (partition by c.year), 0)
            as milper_share,
        c.irst / nullif(fsum(c.irst) over (partition by c.year), 0) as irst_share,
        c.pec / nullif(fsum(c.pec) over (partition by c.year), 0) as pec_share,
        c.tpop / nullif(fsum(c.tpop) over (partition by c.year), 0) as tpop_share,
        c.upop / nullif(fsum(c.upop) over (partition by c.year), 0) as upop_share,
        c.published_cinc,
    from (
        select
            n.ccode,
            n.iso3,
            n.year,
            coalesce(n.milex_kusd, n.milex_kgbp) as milex,
            n.milper,
            n.irst,
            n.pec,
            n.tpop,
            n.upop,
            n.cinc as published_cinc,
        from raw.cow_capabilities as n
    ) as c
),

means as (
    select
        p.ccode,
        p.iso3,
        p.year,
        p.milex_share,
        p.milper_share,
        p.irst_share,
        p.pec_share,
        p.tpop_share,
        p.upop_share,
        p.published_cinc,
        list_filter(
            [
                p.milex_share, p.milper_share, p.irst_share, p.pec_share, p.tpop_share,
                p.upop_share,
            ],
            lambda share: share is not null
        ) as shares,
        list_avg(shares) as cinc,
    from parts as p
)

select
    m.ccode,
    m.iso3,
    m.year,
    m.milex_share,
    m.milper_share,
    m.irst_share,
    m.pec_share,
    m.tpop_share,
    m.upop_share,
    len(m.shares) as component_count,
    m.cinc,
    m.published_cinc,
    m.cinc - m.published_cinc as deviation,
    fsum(m.cinc) over (partition by m.year) as system_cinc,
from means as m
