select
    max(s.year) as year,
    count(*) as state_count,
    count(*) filter (where s.exposure > 0) as exposed_count,
    median(s.exposure) filter (where s.exposure > 0) as median_exposure,
    max(s.exposure) as highest,
    arg_max(s.name, s.exposure) as highest_name,
    count(s.abandonment) as signed_count,
    count(*) filter (where s.abandonment = 1) as abandonment_count,
    count(*) filter (where s.abandonment = 1 and s.exposure > 0) as both_count,
from shown as s
