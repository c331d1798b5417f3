-- Onsets of militarized disputes among pairs inside a region, allied and not allied, since 1946.
select
    c.region_id,
    c.tie,
    min(c.year) as year_from,
    max(c.year) as year_to,
    sum(c.dyad_count)::bigint as dyad_years,
    sum(c.onset_count)::bigint as onsets,
    1000 * sum(c.onset_count) / sum(c.dyad_count) as conflict_rate,
    1000 * greatest(0, sum(c.onset_count) - 1.96 * sqrt(sum(c.onset_count)))
        / sum(c.dyad_count) as low,
    1000 * (sum(c.onset_count) + 1.96 * sqrt(sum(c.onset_count))) / sum(c.dyad_count) as high,
from indicators.conflict_rate as c
where
    c.region_version = '2026'
    and c.source = 'mid'
    and c.coding = 'atop'
    and c.tie in ('allied', 'not_allied')
    and c.year >= 1946
    and c.region_id in ('east_asia', 'europe', 'middle_east', 'africa', 'latin_america')
group by c.region_id, c.tie
order by c.region_id, c.tie
