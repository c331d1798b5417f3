select
    min(s.year) filter (where not s.low_n) as first_year,
    arg_min(s.pairwise, s.year) filter (where not s.low_n) as first_share,
    max(s.year) filter (where not s.low_n) as last_year,
    arg_max(s.pairwise, s.year) filter (where not s.low_n) as last_share,
    arg_max(s.rollcall_count, s.year) filter (where not s.low_n) as last_count,
    arg_min(s.year, s.pairwise) filter (where not s.low_n) as lowest_year,
    min(s.pairwise) filter (where not s.low_n) as lowest_share,
    arg_max(s.year, s.pairwise) filter (where not s.low_n) as highest_year,
    max(s.pairwise) filter (where not s.low_n) as highest_share,
    10 as least_count,
from shown as s
