-- How far the states of a region work together, among the regions of a year (X8).
-- kind: table
-- key: region_version, source, year, region_id
-- grain: one region of one version in one calendar year, by source of conflict, for
--   which one part or more is known
-- units: percentiles 0 to 1; ranks
-- method: weighted mean of percentiles among the regions of the year: trade agreements
--   in force for each pair (R3, indicators.regional_institutions), introversion of
--   trade (E8, indicators.regional_trade, default source, method import_priority), mean
--   agreement with half credit of the region's pairs in the Assembly (V2, contested
--   texts, default source, 10 votes or more), and peace, 1 less the conflict rate (C1,
--   indicators.conflict_rate, all pairs). Weights are in core.composite_weights.
--   Missing: the mean of the parts that are known, with their weights made to add up to
--   1; null if fewer than three are, and a percentile is null if one region alone has
--   the part. So years after the end of a source of conflict rest on three parts: look
--   at part_count before you compare years. Random weights: 1,000 draws, uniform over
--   all that add up to 1 (-ln(u)/sum, u from the MD5 of seed regional_cooperation, draw
--   and part). rank_low and rank_high say how far the weights decide, not how sure a
--   part is. A place among few regions, no level; introversion and agreements depend on
--   what counts as a region. Sources: desta, any of trade, any of votes, mid or ucdp
-- trace indicators.regional_trade: t.region_version = r.region_version and t.is_default
--   and t.method = 'import_priority' and t.region_id = r.region_id and t.year = r.year
-- column region_version [code]: version of the assignment of states to regions
-- column source: source of conflict: mid or ucdp; choose one
-- column year: calendar year
-- column region_id: the region
-- column institutions [agreements]: trade agreements in force, of all pairs, for each
--   pair
-- column introversion: E8, from -1 to 1
-- column agreement [share]: mean V2 of the region's pairs
-- column agreement_pair_count [pairs]: pairs that the mean is of
-- column peace [share]: 1 less the share of pairs with an onset of conflict in the year
-- column institutions_percentile [share]: share of the other regions of the year with
--   less
-- column introversion_percentile [share]: the same for introversion
-- column agreement_percentile [share]: the same for agreement
-- column peace_percentile [share]: the same for peace
-- column part_count [parts]: percentiles that are known
-- column cooperation: the weighted mean; null if part_count is below 3
-- column rank: place in the year, 1 for the most cooperation
-- column rank_low: 5th percentile of its places over the draws
-- column rank_high: 95th percentile
-- column region_count [regions]: regions that have a place in the year
-- column rank_correlation: correlation of the places over a draw's weights with rank,
--   median over the draws; null where fewer than two regions have a place
with votes as (
    select
        p.region_version,
        p.region_id,
        p.year,
        avg(p.agree_half) as agreement,
        count(*) as agreement_pair_count,
    from (
        select distinct
            d.region_version,
            d.region_id,
            v.year,
            d.iso3_a,
            d.iso3_b,
            v.agree_half,
        from core.region_dyads as d
        inner join indicators.vote_alignment_by_year as v
            on v.iso3_a = d.iso3_a
            and v.iso3_b = d.iso3_b
            and v.year between d.first_year and d.last_year
        where
            v.body = 'GA'
            and v.scope = 'contested'
            and v.is_default
            and not v.low_n
    ) as p
    group by p.region_version, p.region_id, p.year
),

known as (
    select
        i.region_version,
        s.source,
        i.year,
        i.region_id,
        'institutions' as part,
        i.agreements_per_dyad as value,
    from indicators.regional_institutions as i
    cross join (values ('mid'), ('ucdp')) as s (source)
    union all
    select
        t.region_version,
        s.source,
        t.year,
        t.region_id,
        'introversion' as part,
        t.introversion as value,
    from indicators.regional_trade as t
    cross join (values ('mid'), ('ucdp')) as s (source)
    where
        t.is_default
        and t.method = 'import_priority'
        and t.introversion is not null
    union all
    select
        v.region_version,
        s.source,
        v.year,
        v.region_id,
        'agreement' as part,
        v.agreement as value,
    from votes as v
    cross join (values ('mid'), ('ucdp')) as s (source)
    union all
    select
        c.region_version,
        c.source,
        c.year,
        c.region_id,
        'peace' as part,
        1 - c.conflict_rate / 1000 as value,
    from indicators.conflict_rate as c
    where c.tie = 'all' and c.conflict_rate is not null
),

placed as (
    select
        k.region_version,
        k.source,
        k.year,
        k.region_id,
        k.part,
        k.value,
        case
            when
                count(*) over (
                    partition by k.region_version, k.source, k.year, k.part
                ) > 1
                then percent_rank() over (
                    partition by k.region_version, k.source, k.year, k.part
                    order by k.value
                )
        end as percentile,
    from known as k
),

regions as (
    select
        p.region_version,
        p.source,
        p.year,
        p.region_id,
        dense_rank() over (order by p.region_version, p.source, p.year) as field,
        row_number() over (
            order by p.region_version, p.source, p.year, p.region_id
        ) as place_in_table,
        max(p.value) filter (where p.part = 'institutions') as institutions,
        max(p.value) filter (where p.part = 'introversion') as introversion,
        max(p.value) filter (where p.part = 'agreement') as agreement,
        max(p.value) filter (where p.part = 'peace') as peace,
        max(p.percentile) filter (where p.part = 'institutions')
            as institutions_percentile,
        max(p.percentile) filter (where p.part = 'introversion')
            as introversion_percentile,
        max(p.percentile) filter (where p.part = 'agreement') as agreement_percentile,
        max(p.percentile) filter (where p.part = 'peace') as peace_percentile,
        count(p.percentile) as part_count,
    from placed as p
    group by p.region_version, p.source, p.year, p.region_id
),

drawn as (
    select
        0 as draw,
        w.part,
        w.weight,
    from core.composite_weights as w
    where w.composite = 'regional_cooperation'
    union all
    select
        d.draw,
        w.part,
        -ln(
            (
                md5_number_lower(concat_ws('|', 'regional_cooperation', d.draw, w.part))
                    ::double
                + 1
            )
            / 18446744073709551616.0
        ) as weight,
    from core.composite_weights as w
    cross join range(1, 1001) as d (draw)
    where w.composite = 'regional_cooperation'
),

weights as (
    select
        w.draw,
        max(w.weight) filter (where w.part = 'institutions') as institutions,
        max(w.weight) filter (where w.part = 'introversion') as introversion,
        max(w.weight) filter (where w.part = 'agreement') as agreement,
        max(w.weight) filter (where w.part = 'peace') as peace,
    from drawn as w
    group by w.draw
),

scores as (
    select
        r.field,
        r.place_in_table,
        w.draw,
        (
            coalesce(w.institutions * r.institutions_percentile, 0)
            + coalesce(w.introversion * r.introversion_percentile, 0)
            + coalesce(w.agreement * r.agreement_percentile, 0)
            + coalesce(w.peace * r.peace_percentile, 0)
        )
        / (
            if(r.institutions_percentile is null, 0, w.institutions)
            + if(r.introversion_percentile is null, 0, w.introversion)
            + if(r.agreement_percentile is null, 0, w.agreement)
            + if(r.peace_percentile is null, 0, w.peace)
        ) as score,
    from regions as r
    cross join weights as w
    where r.part_count >= 3
),

places as (
    select
        s.field,
        s.place_in_table,
        s.draw,
        s.score,
        rank() over (
            partition by s.field, s.draw
            order by round(s.score, 12) desc
        ) as place,
        count(*) over (partition by s.field, s.draw) as region_count,
    from scores as s
),

bands as (
    select
        l.place_in_table,
        max(l.score) filter (where l.draw = 0) as cooperation,
        max(l.place) filter (where l.draw = 0) as rank,
        quantile_disc(l.place, 0.05) filter (where l.draw > 0) as rank_low,
        quantile_disc(l.place, 0.95) filter (where l.draw > 0) as rank_high,
        max(l.region_count) as region_count,
    from places as l
    group by l.place_in_table
),

likeness as (
    select
        l.field,
        l.draw,
        case
            when stddev_pop(l.place) > 0 and stddev_pop(b.rank) > 0
                then corr(l.place, b.rank)
        end as correlation,
    from places as l
    inner join bands as b
        on b.place_in_table = l.place_in_table
    where l.draw > 0
    group by l.field, l.draw
),

correlations as (
    select
        k.field,
        median(k.correlation) as rank_correlation,
    from likeness as k
    group by k.field
)

select
    r.region_version,
    r.source,
    r.year::smallint as year,
    r.region_id,
    r.institutions,
    r.introversion,
    r.agreement,
    v.agreement_pair_count::integer as agreement_pair_count,
    r.peace,
    r.institutions_percentile,
    r.introversion_percentile,
    r.agreement_percentile,
    r.peace_percentile,
    r.part_count::integer as part_count,
    b.cooperation,
    b.rank::integer as rank,
    b.rank_low::integer as rank_low,
    b.rank_high::integer as rank_high,
    coalesce(b.region_count, 0)::integer as region_count,
    c.rank_correlation,
from regions as r
left join bands as b
    on b.place_in_table = r.place_in_table
left join correlations as c
    on c.field = r.field
left join votes as v
    on v.region_version = r.region_version
    and v.year = r.year
    and v.region_id = r.region_id
