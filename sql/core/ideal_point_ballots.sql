-- Every ballot from which ideal points are estimated, once for each scope that its roll
-- call belongs to.
-- grain: one state's ballot in one roll call, by scope
-- units: none
-- method: Bailey, Strezhnev and Voeten 2017, whose tallies these are when their list of
--   repeated texts is used: absences are left out, not taken for abstentions; so are
--   Zanzibar (511), which voted twice, South Africa (560) in session 48, when it came
--   back and voted once, and items on which all who voted chose alike. Only Voeten's
--   deposit enters: the Library's files have adopted texts only. Scopes of an issue
--   begin with the session from which the deposit's authors estimate them, because
--   earlier ones have too few votes
-- column scope: all, an issue of core.resolutions (me Palestinian conflict, nu nuclear, di
--   arms control, hr human rights, co colonialism, ec development), or important: votes
--   that the US Department of State counts as such
-- column item: what was voted on, as in core.roll_call_links
-- column resolution_id: the roll call
-- column session [session]: regular session of the Assembly
-- column series: Correlates of War number; it makes a state one over time, and the
--   Federal Republic and Germany, or the two Yemens and Yemen, different ones
-- column iso3: the state; where its code changed within a session, the one with most
--   ballots there
-- column vote: 1 yes, 2 abstain, 3 no
with scopes as (
    select
        s.scope,
        s.first_session,
    from (
        values
            ('all', 1),
            ('me', 29),
            ('nu', 33),
            ('di', 29),
            ('hr', 25),
            ('co', 14),
            ('ec', 26),
            ('important', 38)
    ) as s (scope, first_session)
),

chosen as (
    select
        s.scope,
        c.item,
        c.resolution_id,
        c.session,
    from core.roll_call_links as c
    inner join scopes as s
        on c.session >= s.first_session
        and (
            s.scope = 'all'
            or s.scope = 'important' and c.important
            or list_contains(string_split(c.issues, '|'), s.scope)
        )
),

ballots as (
    select
        cast(v.rcid as varchar) as resolution_id,
        v.session,
        v.ccode as series,
        v.iso3,
        v.vote,
    from raw.voeten_votes as v
    where v.vote in (1, 2, 3)
        and v.ccode <> 511
        and not (v.ccode = 560 and v.session = 48)
),

codes as (
    select
        b.series,
        b.session,
        b.iso3,
    from ballots as b
    group by b.series, b.session, b.iso3
    qualify row_number() over (
        partition by b.series, b.session
        order by count(*) desc, b.iso3
    ) = 1
),

cast_ballots as (
    select
        c.scope,
        c.item,
        c.resolution_id,
        c.session,
        b.series,
        k.iso3,
        b.vote,
    from chosen as c
    inner join ballots as b
        on b.resolution_id = c.resolution_id
    inner join codes as k
        on k.series = b.series
        and k.session = b.session
),

contested as (
    select
        b.scope,
        b.item,
    from cast_ballots as b
    group by b.scope, b.item
    having min(b.vote) < max(b.vote)
)

select
    b.scope,
    b.item,
    b.resolution_id,
    b.session,
    b.series,
    b.iso3,
    b.vote,
from cast_ballots as b
inner join contested as c
    on c.scope = b.scope
    and c.item = b.item
