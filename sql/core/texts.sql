-- Every text put to a vote as its source describes it, in the same columns, before
-- tallies.
-- grain: one text of one source
-- units: none
-- method: symbols lose the Library's editorial brackets (A/RES/31/106[B] is
--   A/RES/31/106B), and Voeten's R/66/144 is A/RES/66/144, or A/RES/2758(XXVI) up to
--   session 30; Voeten's numbers before session 18 and in special sessions are places
--   in the printed record and give no symbol. The Library's files hold adopted texts
--   only; The Council's meeting records, by which Sciences Po names drafts without a
--   symbol, are no symbols. Voeten's deposit does not say what became of a text, and
--   covers amendments and paragraphs, so its outcome is null
-- trace raw.unga_votes: r.source = 'unga'
--   and cast(t.undl_id as varchar) = r.resolution_id
-- trace raw.voeten_votes: r.source = 'voeten'
--   and cast(t.rcid as varchar) = r.resolution_id
-- trace raw.unsc_votes: r.source = 'unsc' and t.resolution = r.resolution_id
-- trace raw.sciencespo_drafts: r.source = 'sciencespo'
--   and cast(t.vote_number as varchar) = r.resolution_id
-- column body: GA for the General Assembly, SC for the Security Council
-- column source: unga, unsc, sciencespo or voeten
-- column resolution_id: the source's own identifier of the text, as text
-- column symbol: document symbol of the resolution or draft, normalized; null if there
--   is none
-- column date [day]: day of the vote; null where the source gives a year only
-- column year: calendar year of the vote, or the year the source gives: for Voeten that
--   in which the session began
-- column session: session of the Assembly as the source numbers it, such as 66 or
--   ES-10; empty for the Council and where it is not known
-- column session_number: number of the regular session; for a special one that of the
--   session which begins in the same calendar year, as Voeten counts; null for the
--   Council
-- column period: what the default series is chosen for: session_number for the
--   Assembly, year for the Council
-- column title: what the text is about
-- column subjects: subject headings of the source
-- column issues: Voeten's issue codes joined by |: me Palestinian conflict, nu nuclear,
--   di arms control, hr human rights, co colonialism, ec development; empty if none
--   applies, null if the source does not say
-- column important: whether the US Department of State counted the vote as important;
--   null if the source does not say
-- column is_partial: whether the vote was on an amendment or a paragraph and not on the
--   whole text; null if the source does not say
-- column outcome: adopted, vetoed or failed; null where the source does not say
with unga as (
    select
        u.undl_id,
        min(u.resolution) as resolution,
        min(u.date) as date,
        min(u.year) as year,
        coalesce(min(u.session), '') as session,
        min(u.title) as title,
        min(u.subjects) as subjects,
    from raw.unga_votes as u
    group by u.undl_id
),

voeten as (
    select
        v.rcid,
        regexp_extract(
            min(v.unres), '^R/(\d+)/(\d+)/?([A-Z]{0,2})(?:/([IVX]+))?$',
            ['session', 'number', 'part', 'section']
        ) as place,
        min(v.unres) as unres,
        min(v.date) as date,
        coalesce(year(min(v.date)), min(v.year)) as year,
        min(v.session) as session,
        coalesce(min(v.descr), min(v.short)) as title,
        min(v.short) as short,
        concat_ws(
            '|',
            case when bool_or(v.me) then 'me' end,
            case when bool_or(v.nu) then 'nu' end,
            case when bool_or(v.di) then 'di' end,
            case when bool_or(v.hr) then 'hr' end,
            case when bool_or(v.co) then 'co' end,
            case when bool_or(v.ec) then 'ec' end
        ) as issues,
        count(coalesce(v.me, v.nu, v.di, v.hr, v.co, v.ec)) > 0 as has_issues,
        bool_or(v.importantvote) as important,
        bool_or(v.amend or v.para) as is_partial,
    from raw.voeten_votes as v
    group by v.rcid
),

unsc as (
    select
        u.resolution,
        min(u.date) as date,
        min(u.year) as year,
        min(u.description) as title,
        min(u.subjects) as subjects,
    from raw.unsc_votes as u
    group by u.resolution
)

select
    'GA' as body,
    'unga' as source,
    cast(u.undl_id as varchar) as resolution_id,
    case
        when starts_with(u.resolution, 'A/')
            then regexp_replace(u.resolution, '\[(Section)?|\]', '', 'g')
    end as symbol,
    u.date,
    cast(u.year as smallint) as year,
    u.session,
    cast(coalesce(try_cast(u.session as smallint), u.year - 1945) as smallint)
        as session_number,
    session_number as period,
    u.title,
    u.subjects,
    cast(null as varchar) as issues,
    cast(null as boolean) as important,
    false as is_partial,
    'adopted' as outcome,
from unga as u
union all
select
    'GA' as body,
    'voeten' as source,
    cast(v.rcid as varchar) as resolution_id,
    case
        when starts_with(v.unres, 'A/RES/')
            then v.unres
        when try_cast(v.place.session as integer) > 30
            then concat(
                'A/RES/', v.place.session, '/', v.place.number, v.place.part,
                case when v.place.part <> '' and v.place.section <> '' then '-' end,
                v.place.section
            )
        when try_cast(v.place.session as integer) > 17
            then concat(
                'A/RES/', v.place.number, '(', [
                    'XVIII', 'XIX', 'XX', 'XXI', 'XXII', 'XXIII', 'XXIV', 'XXV', 'XXVI',
                    'XXVII', 'XXVIII', 'XXIX', 'XXX',
                ][try_cast(v.place.session as integer) - 17], ')', v.place.part,
                case when v.place.part <> '' and v.place.section <> '' then '-' end,
                v.place.section
            )
    end as symbol,
    v.date,
    cast(v.year as smallint) as year,
    cast(v.session as varchar) as session,
    v.session as session_number,
    v.session as period,
    v.title,
    v.short as subjects,
    case when v.has_issues then v.issues end as issues,
    v.important,
    v.is_partial,
    cast(null as varchar) as outcome,
from voeten as v
union all
select
    'SC' as body,
    'unsc' as source,
    u.resolution as resolution_id,
    u.resolution as symbol,
    u.date,
    cast(u.year as smallint) as year,
    '' as session,
    cast(null as smallint) as session_number,
    cast(u.year as smallint) as period,
    u.title,
    u.subjects,
    cast(null as varchar) as issues,
    cast(null as boolean) as important,
    false as is_partial,
    'adopted' as outcome,
from unsc as u
union all
select
    'SC' as body,
    'sciencespo' as source,
    cast(d.vote_number as varchar) as resolution_id,
    nullif(
        regexp_extract(
            replace(d.classification, ' ', ''),
            '^S/(RES/|\d+/)?\d+(\(\d{4}\)|/(Rev|Add|Corr)\.\d+)?'
        ),
        ''
    ) as symbol,
    d.date,
    cast(d.year as smallint) as year,
    '' as session,
    cast(null as smallint) as session_number,
    cast(d.year as smallint) as period,
    d.title,
    cast(null as varchar) as subjects,
    cast(null as varchar) as issues,
    cast(null as boolean) as important,
    cast(null as boolean) as is_partial,
    case d.outcome
        when 'adopted' then 'adopted'
        when 'vetoed' then 'vetoed'
        when 'lack of maj.' then 'failed'
    end as outcome,
from raw.sciencespo_drafts as d
