-- How long alliances last: the share that is still there after so many years (A8).
-- grain: one age at which an alliance ended or was last seen, by class of alliance
-- units: alliances; years; shares 0 to 1
-- method: Kaplan and Meier 1958 over the alliances of core.treaties that people coded;
--   age is the year of the end less that of the signature. Right-censored are alliances
--   that had not ended when the coding did (ATOP: 31 December 2018), and those all of
--   whose spells ended because a member ceased to exist; one that ends at an age
--   precedes one that is censored at it. Alliances of which no end is known are left out
-- column source: which source
-- column class [code]: all; bilateral, multilateral; defense, or nonaggression_only
-- column age [years]: years since signature
-- column at_risk_count [alliances]: there at the beginning of that year of age
-- column ended_count [alliances]: ended at that age
-- column censored_count [alliances]: last seen at that age
-- column survival_share [share]: estimated share that outlasts that age
-- column standard_error [share]: Greenwood's, of survival_share; null once none is left
with endings as (
    select
        p.treaty_id,
        bool_and(p.ended_by in ('censored', 'succession')) as is_censored,
    from core.treaty_parties as p
    where p.valid_to is not null
    group by p.treaty_id
),

lives as (
    select
        a.treaty_id,
        a.source,
        a.form,
        a.defense,
        a.is_nonaggression_only,
        coalesce(a.end_year, c.last_year) - a.signed_year as age,
        a.end_year is not null and not coalesce(e.is_censored, false) as has_ended,
    from indicators.alliance_types as a
    inner join core.treaties as t
        on t.treaty_id = a.treaty_id
    left join endings as e
        on e.treaty_id = a.treaty_id
    cross join (
        select max(l.year) as last_year
        from core.alliance_ties as l
        where l.coding = 'atop'
    ) as c
    where t.end_precision is not null
),

classed as (
    select
        l.source,
        unnest(
            list_filter(
                [
                    'all',
                    l.form,
                    case when l.defense then 'defense' end,
                    case when l.is_nonaggression_only then 'nonaggression_only' end,
                ],
                lambda c: c is not null
            )
        ) as class,
        l.age,
        l.has_ended,
    from lives as l
),

ages as (
    select
        c.source,
        c.class,
        c.age,
        count(*) filter (where c.has_ended) as ended_count,
        count(*) filter (where not c.has_ended) as censored_count,
    from classed as c
    group by c.source, c.class, c.age
),

risks as (
    select
        a.source,
        a.class,
        a.age,
        a.ended_count,
        a.censored_count,
        sum(a.ended_count + a.censored_count) over (
            partition by a.source, a.class
            order by a.age desc
            rows unbounded preceding
        ) as at_risk_count,
    from ages as a
),

shares as (
    select
        r.source,
        r.class,
        r.age,
        r.at_risk_count,
        r.ended_count,
        r.censored_count,
        product(1 - r.ended_count / r.at_risk_count) over up_to as survival_share,
        sum(
            r.ended_count
            / nullif(r.at_risk_count * (r.at_risk_count - r.ended_count), 0)
        ) over up_to as variance,
    from risks as r
    window up_to as (
        partition by r.source, r.class
        order by r.age
        rows unbounded preceding
    )
)

select
    s.source,
    s.class,
    s.age::integer as age,
    s.at_risk_count::integer as at_risk_count,
    s.ended_count::integer as ended_count,
    s.censored_count::integer as censored_count,
    s.survival_share,
    case when s.survival_share > 0 then s.survival_share * sqrt(coalesce(s.variance, 0)) end
        as standard_error,
from shares as s
