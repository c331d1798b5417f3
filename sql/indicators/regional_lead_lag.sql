-- Whether alliances come before integration in a region or after it: correlation over
-- years, one shifted against the other (E7 against A5, for P23).
-- kind: table
-- key: region_version, region_id, measure, lag
-- grain: one region of one version, by measure of integration and lag
-- units: years; correlations -1 to 1
-- method: security is the share of pairs allied for defence (allied_share of
--   indicators.regional_panel, coding atop); integration is agreement_share,
--   intra_share or introversion of the same view. Security of year t is set against
--   integration of year t + lag: where the correlation is highest at a lag above 0,
--   security went first. Levels correlate in any two series that grow, so changes, from
--   one year to the next, stand beside them; with few allied pairs these are of single
--   years in which many joined. Null with fewer than ten years, and where one of the
--   two never changes. What comes first need not cause what comes after
-- column region_version [code]: version of the assignment of states to regions
-- column region_id: the region
-- column measure [code]: agreement_share, intra_share or introversion
-- column lag [years]: -10 to 10; above 0 integration is of later years than security
-- column year_count [years]: years in which both are known
-- column level_correlation: of the two levels
-- column change_count [years]: years in which both changes are known
-- column change_correlation: of the two changes
with series as (
    select
        p.region_version,
        p.region_id,
        p.year,
        p.allied_share,
        m.measure,
        m.value,
    from indicators.regional_panel as p
    cross join lateral (
        values
        ('agreement_share', p.agreement_share),
        ('intra_share', p.intra_share),
        ('introversion', p.introversion)
    ) as m (measure, value)
),

changes as (
    select
        s.region_version,
        s.region_id,
        s.measure,
        s.year,
        s.allied_share,
        s.value,
        s.allied_share - b.allied_share as allied_change,
        s.value - b.value as change,
    from series as s
    left join series as b
        on b.region_version = s.region_version
        and b.region_id = s.region_id
        and b.measure = s.measure
        and b.year = s.year - 1
),

shifted as (
    select
        x.region_version,
        x.region_id,
        x.measure,
        l.lag,
        x.allied_share,
        y.value,
        x.allied_change,
        y.change,
    from changes as x
    cross join (select unnest(range(-10, 11)) as lag) as l
    inner join changes as y
        on y.region_version = x.region_version
        and y.region_id = x.region_id
        and y.measure = x.measure
        and y.year = x.year + l.lag
    where x.allied_share is not null and y.value is not null
),

known as (
    select
        s.region_version,
        s.region_id,
        s.measure,
        s.lag,
        s.allied_share,
        s.value,
        case when s.change is not null then s.allied_change end as allied_change,
        case when s.allied_change is not null then s.change end as change,
    from shifted as s
)

select
    k.region_version,
    k.region_id,
    k.measure,
    k.lag::smallint as lag,
    count(*)::integer as year_count,
    case
        when
            count(*) >= 10
            and max(k.allied_share) > min(k.allied_share)
            and max(k.value) > min(k.value)
            then greatest(least(corr(k.allied_share, k.value), 1), -1)
    end as level_correlation,
    count(k.change)::integer as change_count,
    case
        when
            count(k.change) >= 10
            and max(k.allied_change) > min(k.allied_change)
            and max(k.change) > min(k.change)
            then greatest(least(corr(k.allied_change, k.change), 1), -1)
    end as change_correlation,
from known as k
group by k.region_version, k.region_id, k.measure, k.lag
