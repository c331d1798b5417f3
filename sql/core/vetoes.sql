-- Who vetoed what, by each of the two sources that tell.
-- grain: one permanent member's veto of one draft in one source
-- units: none
-- method: sciencespo gives ballots and says which drafts were vetoed; scvetoes names
--   the vetoing members. The China seat is TWN before 25 October 1971
-- column source: sciencespo or scvetoes
-- column veto_id: vote number of sciencespo, or number of scvetoes
-- column draft: symbol of the draft, without additions such as (as amended); null if
--   there is none
-- column date [day]: day of the vote
-- column iso3: the state that cast the veto
select
    v.source,
    v.resolution_id as veto_id,
    r.symbol as draft,
    v.date,
    v.iso3,
from core.votes as v
inner join core.resolutions as r
    on r.source = v.source
    and r.resolution_id = v.resolution_id
where v.is_veto
union all
select
    'scvetoes' as source,
    cast(s.id as varchar) as veto_id,
    nullif(
        regexp_extract(
            replace(s.draft, ' ', ''),
            '^S/(RES/|\d+/)?\d+(\(\d{4}\)|/(Rev|Add|Corr)\.\d+)?'
        ),
        ''
    ) as draft,
    s.date,
    p.iso3,
from raw.sc_vetoes as s
inner join core.permanent_members as p
    on p.valid_from <= s.date
    and (p.valid_to is null or s.date < p.valid_to)
    and case p.iso3
        when 'CHN' then s.china
        when 'TWN' then s.china
        when 'FRA' then s.france
        when 'GBR' then s.united_kingdom
        when 'RUS' then s.russian_federation
        when 'USA' then s.united_states
    end
