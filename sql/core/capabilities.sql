-- Material capabilities of each state in each year, one row a state.
-- kind: view
-- grain: one state in one calendar year
-- units: thousands, in the units of each column; shares 0 to 1
-- method: Correlates of War National Material Capabilities as published. Of two numbers
--   of one state in one year (Germany and Yemen in 1990) the row of the one that goes
--   on in the next year is kept, else of the lower one: figures of two are never mixed
-- column iso3: the state
-- column year: calendar year
-- column ccode: Correlates of War number
-- column milex: military expenditures in thousands of milex_currency at current prices;
--   null where missing
-- column milex_currency [code]: GBP to 1913, USD from 1914: growth across is none
-- column milper [thousand persons]: military personnel; null where missing
-- column irst [thousand tons]: iron, from 1900 steel production; null where missing
-- column pec [thousand coal-ton equivalents]: primary energy consumption; null where
--   missing
-- column tpop [thousand persons]: population; null where missing
-- column upop [thousand persons]: population of cities above 100,000; null where missing
-- column cinc [share]: Composite Index of National Capability as published
with numbers as (
    select
        c.iso3,
        c.year,
        c.ccode,
        coalesce(c.milex_kusd, c.milex_kgbp) as milex,
        case when c.year < 1914 then 'GBP' else 'USD' end as milex_currency,
        c.milper,
        c.irst,
        c.pec,
        c.tpop,
        c.upop,
        c.cinc,
        row_number() over (
            partition by c.iso3, c.year order by (n.ccode is null), c.ccode
        ) as place,
    from raw.cow_capabilities as c
    left join raw.cow_capabilities as n
        on n.ccode = c.ccode
        and n.year = c.year + 1
)

select
    n.iso3,
    n.year,
    n.ccode,
    n.milex,
    n.milex_currency,
    n.milper,
    n.irst,
    n.pec,
    n.tpop,
    n.upop,
    n.cinc,
from numbers as n
where n.place = 1
