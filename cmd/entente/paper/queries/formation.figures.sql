select
    max(s.year) as year,
    arg_max(s.dyad_count, s.year) as dyad_count,
    max(s.new_dyad_count) as most_new,
    arg_max(s.year, s.new_dyad_count) as most_year,
    max(s.ended_dyad_count) as most_ended,
    arg_max(s.year, s.ended_dyad_count) as ended_year,
from shown as s
