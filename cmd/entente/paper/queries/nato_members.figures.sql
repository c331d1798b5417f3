select
    2020 as year,
    1999 as since_year,
    arg_max(s.member_count, s.valid_from) filter (where s.year <= 2020) as member_count,
    count(*) filter (where s.year > 1999 and s.year <= 2020 and s.entered_iso3 is not null)
        as round_count,
    max(s.valid_from) as last_from,
    arg_max(s.member_count, s.valid_from) as last_count,
from shown as s
