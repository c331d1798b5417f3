-- Roll calls of the General Assembly from which ideal points are estimated, and which of
-- them put a text to the vote again.
-- grain: one roll call of Voeten's deposit that can enter an estimate
-- units: none
-- method: Bailey, Strezhnev and Voeten 2017: votes on amendments and paragraphs are left
--   out from session 45 on, and session 19, which took one vote. A text that comes back
--   is one item with one discrimination and one pair of cutpoints, which ties the scales
--   of its sessions together. Ours: the title, without case and punctuation, is the same
--   in consecutive sessions, and is there once in each. Theirs is a list made by hand,
--   to 2019; docs/methods/ideal-points.md compares the two
-- column resolution_id: the roll call, as in core.resolutions
-- column session [session]: regular session of the Assembly
-- column item: number of the first roll call on the text; its own where it was not
--   repeated
-- column issues: Voeten's issue codes joined by |, as in core.resolutions
-- column important: whether the US Department of State counted the vote as important;
--   null if the source does not say
with roll_calls as (
    select
        r.resolution_id,
        cast(r.resolution_id as integer) as number,
        r.session_number as session,
        r.issues,
        r.important,
        nullif(trim(regexp_replace(lower(r.title), '[^a-z0-9]+', ' ', 'g')), '')
            as words,
    from core.resolutions as r
    where r.source = 'voeten'
        and r.session_number <> 19
        and not (r.session_number > 44 and coalesce(r.is_partial, false))
),

once as (
    select
        c.words,
        c.session,
        min(c.number) as number,
    from roll_calls as c
    where c.words is not null
    group by c.words, c.session
    having count(*) = 1
),

runs as (
    select
        o.words,
        o.number,
        o.session - row_number() over (partition by o.words order by o.session) as run,
    from once as o
),

items as (
    select
        u.number,
        min(u.number) over (partition by u.words, u.run) as item,
    from runs as u
)

select
    c.resolution_id,
    c.session,
    coalesce(i.item, c.number) as item,
    c.issues,
    c.important,
from roll_calls as c
left join items as i
    on i.number = c.number
