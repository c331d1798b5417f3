select
    count(*) filter (where s.enough) as denominator_count,
    10 as least_n,
    2006 as from_year,
    2012 as to_year,
    120 as claimed_n,
    0.99 as claimed_share,
    min(s.russia_share) filter (where s.enough) as lowest_share,
    max(s.russia_share) filter (where s.enough) as highest_share,
    count(*) filter (where s.gives_high) as high_count,
    count(*) filter (where s.gives_high and s.abstention = 'a ballot') as high_strict_count,
    count(*) filter (where s.gives_high and s.body = 'Council') as high_council_count,
    min(s.usa_share) filter (where s.gives_high and s.body = 'Council') as council_usa_lowest,
    max(s.usa_share) filter (where s.gives_high and s.body = 'Council') as council_usa_highest,
    count(*) filter (where s.gives_never) as never_count,
    count(*) filter (where s.gives_high and s.gives_never) as both_count,
    count(*) filter (
        where s.gives_high and s.gives_never and s.texts in ('all texts', 'contested texts')
    ) as both_whole_count,
    count(*) filter (where s.enough and not s.gives_high and not s.gives_never) as neither_count,
    arg_min(s.body, abs(least(s.russia_n, s.usa_n) - 120)) filter (where s.gives_never)
        as nearest_body,
    arg_min(s.source, abs(least(s.russia_n, s.usa_n) - 120)) filter (where s.gives_never)
        as nearest_source,
    arg_min(s.texts, abs(least(s.russia_n, s.usa_n) - 120)) filter (where s.gives_never)
        as nearest_texts,
    arg_min(s.abstention, abs(least(s.russia_n, s.usa_n) - 120)) filter (where s.gives_never)
        as nearest_abstention,
    arg_min(s.russia_n, abs(least(s.russia_n, s.usa_n) - 120)) filter (where s.gives_never)
        as nearest_russia_n,
    arg_min(s.russia_share, abs(least(s.russia_n, s.usa_n) - 120)) filter (where s.gives_never)
        as nearest_russia_share,
    arg_min(s.usa_n, abs(least(s.russia_n, s.usa_n) - 120)) filter (where s.gives_never)
        as nearest_usa_n,
from shown as s
