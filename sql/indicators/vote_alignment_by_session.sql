-- How alike two states voted in each session of the General Assembly, by every measure.
-- grain: one pair of states in one session, source and scope
-- units: counts are roll calls; measures have no unit
-- method: counts are sums of core.vote_dyads; formulas are in
--   indicators.agreement_measures. The published agreement scores of Bailey, Strezhnev
--   and Voeten leave uncontested texts out: their scope is contested
-- trace core.vote_dyads: t.body = r.body and t.source = r.source
--   and t.session = r.session and t.iso3_a = r.iso3_a and t.iso3_b = r.iso3_b
--   and (r.scope = 'all' or t.contested)
-- column body: GA or SC
-- column source: unga, unsc, sciencespo or voeten
-- column session: session of the Assembly as the source numbers it; Voeten counts
--   special sessions in the regular one that begins in the same calendar year
-- column scope: all (every text) or contested (at least two different ballots among all
--   states)
-- column iso3_a: the state whose code comes first
-- column iso3_b: the other state
-- column is_default: whether the source is the default series of every text the row
--   covers
-- column rollcall_count [roll calls]: texts in the set, whoever voted
-- column n [roll calls]: texts on which both cast a ballot (yes, abstain or no); an
--   absence of either leaves the text out
-- column turnout: n/rollcall_count
-- column agree: share of n on which both cast the same; an abstention equals only an
--   abstention (V1)
-- column agree_half: the same, with half credit where one of the two abstained (V2)
-- column agree_yes_no: share of yes_no_count on which both cast the same; abstentions
--   are left out (V3); null if there is none
-- column yes_no_count [roll calls]: texts on which both voted yes or no
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
with counts as (
    select
        d.body,
        d.source,
        d.session,
        s.scope,
        d.iso3_a,
        d.iso3_b,
        cast(sum(d.n11) as integer) as n11,
        cast(sum(d.n12) as integer) as n12,
        cast(sum(d.n13) as integer) as n13,
        cast(sum(d.n21) as integer) as n21,
        cast(sum(d.n22) as integer) as n22,
        cast(sum(d.n23) as integer) as n23,
        cast(sum(d.n31) as integer) as n31,
        cast(sum(d.n32) as integer) as n32,
        cast(sum(d.n33) as integer) as n33,
    from core.vote_dyads as d
    inner join (values ('all'), ('contested')) as s (scope)
        on s.scope = 'all' or d.contested
    where d.session <> ''
    group by d.body, d.source, d.session, s.scope, d.iso3_a, d.iso3_b
),

sets as (
    select
        v.body,
        v.source,
        v.session,
        v.scope,
        cast(sum(v.rollcall_count) as integer) as rollcall_count,
        bool_and(v.is_default) as is_default,
    from indicators.vote_sets as v
    group by v.body, v.source, v.session, v.scope
)

select
    c.body,
    c.source,
    c.session,
    c.scope,
    c.iso3_a,
    c.iso3_b,
    t.is_default,
    t.rollcall_count,
    m.n,
    m.n / t.rollcall_count as turnout,
    m.agree,
    m.agree_half,
    m.agree_yes_no,
    m.yes_no_count,
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
inner join sets as t
    on t.body = c.body
    and t.source = c.source
    and t.session = c.session
    and t.scope = c.scope
cross join lateral indicators.agreement_measures(
    c.n11, c.n12, c.n13, c.n21, c.n22, c.n23, c.n31, c.n32, c.n33
) as m
