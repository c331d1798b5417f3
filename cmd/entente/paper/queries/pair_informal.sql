-- How near China and Russia stand among all pairs without a pact of defence, and each part of it.
select
    i.year,
    i.rank,
    i.pair_count,
    i.informal_alignment,
    i.kappa,
    i.kappa_percentile,
    i.interdependence_percentile,
    i.institutions_percentile,
    i.coding,
from indicators.informal_alignment as i
where i.iso3_a = 'CHN' and i.iso3_b = 'RUS' and i.rank is not null
order by i.year
