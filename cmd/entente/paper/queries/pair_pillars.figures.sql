select
    arg_max(s.value, s.year) filter (where s.unit = 'level 0 to 3') as level,
    max(s.year) filter (where s.unit = 'level 0 to 3') as level_year,
    3 as defence_level,
from shown as s
