select
    max(s.year) as year,
    arg_max(s.rank, s.year) as rank,
    arg_max(s.pair_count, s.year) as pair_count,
    arg_max(s.kappa_percentile, s.year) as kappa_percentile,
    arg_max(s.interdependence_percentile, s.year) as interdependence_percentile,
    arg_max(s.institutions_percentile, s.year) as institutions_percentile,
    min(s.year) as first_year,
    arg_min(s.rank, s.year) as first_rank,
    arg_min(s.pair_count, s.year) as first_pair_count,
from shown as s
