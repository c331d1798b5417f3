-- What else binds China and Russia: formal commitment and trade, latest year of each.
select
    'formal commitment, ' || c.coding as pillar,
    c.year,
    c.level::double as value,
    'level 0 to 3' as unit,
from indicators.alliance_commitment as c
where c.provider_iso3 = 'CHN' and c.receiver_iso3 = 'RUS'
qualify row_number() over (partition by c.coding order by c.year desc) = 1
union all
select
    case s.side
        when 'a' then 'trade as a share of China''s GDP'
        else 'trade as a share of Russia''s GDP'
    end as pillar,
    d.year,
    case s.side when 'a' then d.dependence_a_share else d.dependence_b_share end as value,
    'share' as unit,
from indicators.trade_dependence as d
cross join (values ('a'), ('b')) as s (side)
where
    d.iso3_a = 'CHN'
    and d.iso3_b = 'RUS'
    and d.is_default
    and d.method = 'import_priority'
qualify row_number() over (partition by s.side order by (value is null), d.year desc) = 1
union all
select
    case i.method
        when 'published' then 'distance of ideal points, as published'
        when 'gibbs' then 'distance of ideal points, sampled here'
        else 'distance of ideal points, estimated here'
    end as pillar,
    i.year,
    i.distance as value,
    'standard deviations' as unit,
from indicators.ideal_point_distance as i
where i.iso3_a = 'CHN' and i.iso3_b = 'RUS' and i.scope = 'all'
qualify row_number() over (partition by i.method order by i.year desc) = 1
order by pillar
