-- Bodies of which only a source of adopted texts is loaded, so that agreement is
-- overstated.
-- level: warning
-- grain: one body
-- method: the Library's files hold no vetoed, failed or divided text; load voeten for
--   the Assembly and sciencespo for the Council
-- column body: GA or SC
-- column source: the source that is alone
-- column rollcall_count [roll calls]: its texts
select
    r.body,
    min(r.source) as source,
    count(*) as rollcall_count,
from core.resolutions as r
group by r.body
having bool_and(r.source in ('unga', 'unsc'))
