-- The same two states over the whole period, for every vote set of every source.
select
    p.source,
    p.scope,
    p.rollcall_count,
    p.n,
    p.agree,
    p.wilson_low,
    p.wilson_high,
    p.agree_half,
    p.agree_yes_no,
    p.kappa,
from indicators.pair_alignment(
    $body, $a, $b, make_date($from_year, 1, 1), make_date($to_year, 12, 31)
) as p
order by p.source, p.rollcall_count desc, p.scope
