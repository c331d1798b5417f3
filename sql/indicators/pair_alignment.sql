-- How alike two states voted between two days, for every vote set that the sources tell
-- apart.
-- kind: macro
-- parameters: body, a, b, from_date, to_date
-- grain: one vote set (scope) of one source; no row where the source has no such text
--   in the window
-- units: counts are roll calls; measures have no unit
-- method: formulas are in indicators.agreement_measures; the interval is Wilson 1927. A
--   text of which only the year is known counts if the whole year is in the window;
--   both days belong to it. The order of the two states makes no difference
-- column body: GA or SC
-- column source: unga, unsc, sciencespo or voeten; the Library's two (unga, unsc) hold
--   adopted texts only, which overstates agreement
-- column scope: all; contested (at least two different ballots among all states);
--   adopted; vetoed; permanent_split (the Council's permanent members cast different
--   ballots); important (so counted by the US Department of State); issue_me, issue_nu,
--   issue_di, issue_hr, issue_co, issue_ec (Voeten's issue codes);
--   title_human_rights_situation (title names the situation of human rights, or a human
--   rights situation)
-- column iso3_a: of the two states the one whose code comes first
-- column iso3_b: the other
-- column is_default: whether the source is the default series for every text of the set
-- column default_count [roll calls]: texts of the set for which the source is the
--   default series
-- column rollcall_count [roll calls]: texts of the set in the window, whoever voted
-- column n [roll calls]: texts on which both cast a ballot (yes, abstain or no); an
--   absence of either leaves the text out
-- column turnout: n/rollcall_count
-- column n11 [roll calls]: both voted yes
-- column n12 [roll calls]: iso3_a voted yes, iso3_b abstained
-- column n13 [roll calls]: iso3_a voted yes, iso3_b no
-- column n21 [roll calls]: iso3_a abstained, iso3_b voted yes
-- column n22 [roll calls]: both abstained
-- column n23 [roll calls]: iso3_a abstained, iso3_b voted no
-- column n31 [roll calls]: iso3_a voted no, iso3_b yes
-- column n32 [roll calls]: iso3_a voted no, iso3_b abstained
-- column n33 [roll calls]: both voted no
-- column agree_count [roll calls]: both cast the same ballot
-- column agree: agree_count/n: strict, an abstention equals only an abstention (V1)
-- column wilson_low: lower end of the 95 % Wilson interval of agree; null if n is 0
-- column wilson_high: upper end of it
-- column agree_half: agreement with half credit where one of the two abstained (V2)
-- column yes_no_count [roll calls]: both voted yes or no
-- column agree_yes_no_count [roll calls]: of these both the same
-- column agree_yes_no: agree_yes_no_count/yes_no_count; abstentions are left out (V3)
-- column s_abs: S with absolute distances, the range of ballots fixed at 2 (V4)
-- column s_sq: S with squared distances (V4)
-- column kappa: Cohen's kappa, nominal (V5)
-- column kappa_abs: Cohen's kappa, linear weights (V5)
-- column kappa_sq: Cohen's kappa, squared weights (V5)
-- column pi: Scott's pi, nominal (V6)
-- column pi_sq: Scott's pi, squared distances (V6)
-- column alpha: Krippendorff's alpha, nominal (V6b)
-- column alpha_interval: Krippendorff's alpha, interval (V6b)
-- column a_index: s_abs less its value under independence (V6c)
-- column low_n: whether n is below 10, too few to report
-- column degenerate: whether both always cast one and the same ballot; kappa, pi and
--   alpha are null
with texts as (
    select
        r.source,
        r.resolution_id,
        r.is_default,
        unnest(list_filter(
            [
                'all',
                case when r.contested then 'contested' end,
                case when r.outcome = 'adopted' then 'adopted' end,
                case when r.outcome = 'vetoed' then 'vetoed' end,
                case when r.permanent_split then 'permanent_split' end,
                case when r.important then 'important' end,
                case when contains(r.issues, 'me') then 'issue_me' end,
                case when contains(r.issues, 'nu') then 'issue_nu' end,
                case when contains(r.issues, 'di') then 'issue_di' end,
                case when contains(r.issues, 'hr') then 'issue_hr' end,
                case when contains(r.issues, 'co') then 'issue_co' end,
                case when contains(r.issues, 'ec') then 'issue_ec' end,
                case
                    when contains(lower(r.title), 'situation of human rights')
                        or contains(lower(r.title), 'human rights situation')
                        then 'title_human_rights_situation'
                end,
            ],
            lambda scope: scope is not null
        )) as scope,
    from core.resolutions as r
    where
        r.body = upper(body)
        and coalesce(r.date, make_date(r.year, 1, 1)) >= from_date
        and coalesce(r.date, make_date(r.year, 12, 31)) <= to_date
),

ballots_a as (
    select
        v.source,
        v.resolution_id,
        v.vote,
    from core.votes as v
    where
        v.body = upper(body)
        and v.iso3 = least(upper(a), upper(b))
),

ballots_b as (
    select
        v.source,
        v.resolution_id,
        v.vote,
    from core.votes as v
    where
        v.body = upper(body)
        and v.iso3 = greatest(upper(a), upper(b))
),

counts as (
    select
        t.source,
        t.scope,
        bool_and(t.is_default) as is_default,
        count(*) filter (where t.is_default) as default_count,
        count(*) as rollcall_count,
        count(*) filter (where x.vote = 'yes' and y.vote = 'yes') as n11,
        count(*) filter (where x.vote = 'yes' and y.vote = 'abstain') as n12,
        count(*) filter (where x.vote = 'yes' and y.vote = 'no') as n13,
        count(*) filter (where x.vote = 'abstain' and y.vote = 'yes') as n21,
        count(*) filter (where x.vote = 'abstain' and y.vote = 'abstain') as n22,
        count(*) filter (where x.vote = 'abstain' and y.vote = 'no') as n23,
        count(*) filter (where x.vote = 'no' and y.vote = 'yes') as n31,
        count(*) filter (where x.vote = 'no' and y.vote = 'abstain') as n32,
        count(*) filter (where x.vote = 'no' and y.vote = 'no') as n33,
    from texts as t
    left join ballots_a as x
        on x.source = t.source
        and x.resolution_id = t.resolution_id
    left join ballots_b as y
        on y.source = t.source
        and y.resolution_id = t.resolution_id
    group by t.source, t.scope
)

select
    upper(body) as body,
    c.source,
    c.scope,
    least(upper(a), upper(b)) as iso3_a,
    greatest(upper(a), upper(b)) as iso3_b,
    c.is_default,
    c.default_count,
    c.rollcall_count,
    m.n,
    m.n / c.rollcall_count as turnout,
    c.n11,
    c.n12,
    c.n13,
    c.n21,
    c.n22,
    c.n23,
    c.n31,
    c.n32,
    c.n33,
    m.agree_count,
    m.agree,
    case
        when m.n > 0 then greatest(w.middle - w.half, 0)
    end as wilson_low,
    case
        when m.n > 0 then least(w.middle + w.half, 1)
    end as wilson_high,
    m.agree_half,
    m.yes_no_count,
    m.agree_yes_no_count,
    m.agree_yes_no,
    m.s_abs,
    m.s_sq,
    m.kappa,
    m.kappa_abs,
    m.kappa_sq,
    m.pi,
    m.pi_sq,
    m.alpha,
    m.alpha_interval,
    m.a_index,
    m.low_n,
    m.degenerate,
from counts as c
cross join lateral indicators.agreement_measures(
    c.n11, c.n12, c.n13, c.n21, c.n22, c.n23, c.n31, c.n32, c.n33
) as m
cross join (values (1.959963984540054 ** 2)) as z (squared)
cross join lateral (
    select
        (m.agree + z.squared / (2 * m.n)) / (1 + z.squared / m.n) as middle,
        sqrt(z.squared * (m.agree * (1 - m.agree) + z.squared / (4 * m.n)) / m.n)
            / (1 + z.squared / m.n) as half,
) as w
order by c.source, c.rollcall_count desc, c.scope
