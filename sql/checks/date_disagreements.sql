-- Texts that two sources of one body date differently.
-- level: warning
-- grain: one text that two sources have
-- method: texts are matched by symbol (core.matched_texts). Most are Voeten's days
--   before 2004, which are off by up to a month; use the session, or the Library's day
-- column body: GA or SC
-- column symbol: the text
-- column source_a: one source
-- column date_a [day]: its day
-- column source_b: the other source
-- column date_b [day]: its day
select
    m.body,
    m.symbol,
    m.source_a,
    x.date as date_a,
    m.source_b,
    y.date as date_b,
from core.matched_texts as m
inner join core.resolutions as x
    on x.source = m.source_a
    and x.resolution_id = m.resolution_id_a
inner join core.resolutions as y
    on y.source = m.source_b
    and y.resolution_id = m.resolution_id_b
where x.date <> y.date
