-- China with Russia, and with the United States, 2006 to 2012, on every denominator.
with counted as (
    select
        p.body,
        p.source,
        p.scope,
        p.iso3_b as partner,
        r.abstention,
        case r.abstention when 'left out' then p.yes_no_count else p.n end as n,
        case r.abstention
            when 'a ballot' then p.agree_count
            when 'half' then p.agree_half * p.n
            else p.agree_yes_no_count
        end as agree,
        case r.abstention when 'a ballot' then p.wilson_low end as low,
        case r.abstention when 'a ballot' then p.wilson_high end as high,
    from (
        from indicators.pair_alignment('SC', 'CHN', 'RUS', date '2006-01-01', date '2012-12-31')
        union all
        from indicators.pair_alignment('SC', 'CHN', 'USA', date '2006-01-01', date '2012-12-31')
        union all
        from indicators.pair_alignment('GA', 'CHN', 'RUS', date '2006-01-01', date '2012-12-31')
        union all
        from indicators.pair_alignment('GA', 'CHN', 'USA', date '2006-01-01', date '2012-12-31')
    ) as p
    cross join (values ('a ballot'), ('half'), ('left out')) as r (abstention)
    where p.source not in ('unga', 'unsc') or p.scope <> 'adopted'
)

select
    case c.body when 'SC' then 'Council' else 'Assembly' end as body,
    c.source,
    case c.scope
        when 'all' then 'all texts'
        when 'adopted' then 'adopted texts'
        when 'contested' then 'contested texts'
        when 'vetoed' then 'vetoed drafts'
        when 'permanent_split' then 'permanent members split'
        when 'important' then 'important to the USA'
        when 'issue_me' then 'Middle East'
        when 'issue_nu' then 'nuclear weapons'
        when 'issue_di' then 'disarmament'
        when 'issue_hr' then 'human rights'
        when 'issue_co' then 'colonialism'
        when 'issue_ec' then 'development'
        when 'title_human_rights_situation' then 'human rights in named states'
        else c.scope
    end as texts,
    c.abstention,
    coalesce(max(c.n) filter (where c.partner = 'RUS'), 0) as russia_n,
    max(c.agree / c.n) filter (where c.partner = 'RUS' and c.n > 0) as russia_share,
    max(c.low) filter (where c.partner = 'RUS') as russia_low,
    max(c.high) filter (where c.partner = 'RUS') as russia_high,
    coalesce(max(c.n) filter (where c.partner = 'USA'), 0) as usa_n,
    max(c.agree / c.n) filter (where c.partner = 'USA' and c.n > 0) as usa_share,
    max(c.low) filter (where c.partner = 'USA') as usa_low,
    max(c.high) filter (where c.partner = 'USA') as usa_high,
    least(russia_n, usa_n) >= 10 as enough,
    enough and round(russia_share, 2) >= 0.99 as gives_high,
    enough and usa_share = 0 as gives_never,
from counted as c
group by c.body, c.source, c.scope, c.abstention
having russia_n > 0
order by c.body desc, c.source, c.scope, array_position(['a ballot', 'half', 'left out'], c.abstention)
