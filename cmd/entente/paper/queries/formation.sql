-- Pairs of states newly allied for defence, and those whose alliance ended, by year.
select
    f.year,
    f.dyad_count,
    f.new_dyad_count,
    f.ended_dyad_count,
from indicators.alliance_formation as f
where f.coding = 'atop' and f.region_id = 'world'
order by f.year
