select
    max(s.year) filter (where not s.low_n) as last_year,
    arg_max(s.agree_half, s.year) filter (where not s.low_n) as last_share,
    arg_max(s.member_count, s.year) filter (where not s.low_n) as last_count,
    arg_max(s.lower_quarter, s.year) filter (where not s.low_n) as last_lower,
    arg_max(s.upper_quarter, s.year) filter (where not s.low_n) as last_upper,
    arg_min(s.year, s.agree_half) filter (where not s.low_n) as lowest_year,
    min(s.agree_half) filter (where not s.low_n) as lowest_share,
    arg_max(s.year, s.agree_half) filter (where not s.low_n) as highest_year,
    max(s.agree_half) filter (where not s.low_n) as highest_share,
    10 as least_count,
from shown as s
