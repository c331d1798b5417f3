-- Texts put to a vote: resolutions, drafts, amendments and paragraphs, each source a
-- series of its own.
-- kind: table
-- key: source, resolution_id
-- grain: one text of one source
-- units: states
-- method: tallies are counted from the source's ballots, not taken from its totals; the
--   source with most roll calls in a session or year is the default series
--   (core.default_series)
-- trace core.default_series: t.body = r.body and t.source = r.source
--   and t.period is not distinct from case r.body when 'GA' then r.session_number
--   else r.year end
-- column body: GA for the General Assembly, SC for the Security Council
-- column source: unga, unsc, sciencespo or voeten
-- column resolution_id: the source's own identifier of the text, as text: record
--   number, symbol, vote number or roll-call number
-- column symbol: document symbol of the resolution or draft, normalized; null if there
--   is none
-- column date [day]: day of the vote; null where the source gives a year only
-- column year: calendar year of the vote, or the year the source gives
-- column session: session of the Assembly as the source numbers it, such as 66 or
--   ES-10; empty for the Council and where it is not known
-- column session_number: number of the regular session; for a special one that of the
--   session which begins in the same calendar year; null for the Council
-- column title: what the text is about
-- column subjects: subject headings of the source
-- column issues: Voeten's issue codes joined by |: me, nu, di, hr, co, ec; empty if
--   none applies, null if the source does not say
-- column important: whether the US Department of State counted the vote as important;
--   null if the source does not say
-- column is_partial: whether the vote was on an amendment or a paragraph and not on the
--   whole text; null if the source does not say
-- column outcome: adopted, vetoed or failed; null where the source does not say
-- column contested: whether at least two different ballots (yes, abstain, no) were cast
--   among all states of the source; a text adopted without a vote is not contested
-- column permanent_split: whether the permanent members of the Council that cast a
--   ballot cast different ones; null for the Assembly
-- column yes_count [states]: states that voted yes
-- column no_count [states]: states that voted no
-- column abstain_count [states]: states that abstained
-- column absent_count [states]: members that cast no ballot
-- column member_count [states]: members the source has a ballot or an absence of
-- column is_default: whether the source is the default series of the session or year
with tallies as (
    select
        b.source,
        b.resolution_id,
        count(*) filter (where b.vote = 'yes') as yes_count,
        count(*) filter (where b.vote = 'no') as no_count,
        count(*) filter (where b.vote = 'abstain') as abstain_count,
        count(*) filter (where b.vote = 'absent') as absent_count,
        count(*) as member_count,
        cast(yes_count > 0 as integer)
            + cast(no_count > 0 as integer)
            + cast(abstain_count > 0 as integer) as choice_count,
    from core.ballots as b
    group by b.source, b.resolution_id
),

permanent as (
    select
        b.source,
        b.resolution_id,
        count(distinct b.vote) > 1 as permanent_split,
    from core.ballots as b
    inner join core.texts as t
        on t.body = 'SC'
        and t.source = b.source
        and t.resolution_id = b.resolution_id
    inner join core.permanent_members as p
        on p.iso3 = b.iso3
        and p.valid_from <= t.date
        and (p.valid_to is null or t.date < p.valid_to)
    where b.body = 'SC' and b.vote <> 'absent'
    group by b.source, b.resolution_id
)

select
    t.body,
    t.source,
    t.resolution_id,
    t.symbol,
    t.date,
    t.year,
    t.session,
    t.session_number,
    t.title,
    t.subjects,
    t.issues,
    t.important,
    t.is_partial,
    t.outcome,
    coalesce(n.choice_count, 0) > 1 as contested,
    case when t.body = 'SC' then coalesce(p.permanent_split, false) end
        as permanent_split,
    cast(coalesce(n.yes_count, 0) as smallint) as yes_count,
    cast(coalesce(n.no_count, 0) as smallint) as no_count,
    cast(coalesce(n.abstain_count, 0) as smallint) as abstain_count,
    cast(coalesce(n.absent_count, 0) as smallint) as absent_count,
    cast(coalesce(n.member_count, 0) as smallint) as member_count,
    d.is_default,
from core.texts as t
inner join core.default_series as d
    on d.body = t.body
    and d.source = t.source
    and d.period is not distinct from t.period
left join tallies as n
    on n.source = t.source
    and n.resolution_id = t.resolution_id
left join permanent as p
    on p.source = t.source
    and p.resolution_id = t.resolution_id
