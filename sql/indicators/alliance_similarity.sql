-- How alike the alliances of two states are, year by year (A2).
-- grain: one pair of states of the international system in one calendar year, by coding
-- units: none
-- method: core.alliance_dyads, over all states of the system, with levels fixed at 0 to 3
--   whether or not they occur. S of Signorino and Ritter 1999; kappa of Cohen 1960, 1968,
--   pi of Scott 1955, after Haege 2011; A of Benati and Capurri 2026. Most states have
--   no tie to most others, so S is high for nearly every pair: prefer measures that are
--   corrected for chance, or the binary ones. atop and cow are two scales: choose one
-- column coding [code]: atop (1816-2018) or cow (1816-2012)
-- column year: calendar year
-- column iso3_a: the state whose code comes first
-- column iso3_b: the other state
-- column n [states]: states of the system in that year
-- column s_abs: S, absolute distances: 1 - 2*sum|a-b|/(3*n)
-- column s_sq: S, squared distances: 1 - 2*sum(a-b)^2/(9*n)
-- column s_weighted: S, absolute distances, states weighted by capability (CINC), the
--   weights of those whose capability is known summing to 1 (A2w); null if none is known
-- column weighted_count [states]: states whose capability is known
-- column kappa: Cohen's kappa, levels alike or not; null where degenerate
-- column kappa_abs: Cohen's kappa, weighted by absolute distance; null where degenerate
-- column kappa_sq: Cohen's kappa, weighted by squared distance; null where degenerate
-- column pi: Scott's pi, levels alike or not; null where degenerate
-- column pi_sq: Scott's pi, weighted by squared distance; null where degenerate
-- column a_index: S, absolute, less S expected by chance; 0 by chance
-- column tau_b: Kendall's tau-b; null where one of the two has the same level throughout
-- column s_binary: S of any commitment or none: share of states alike times 2 less 1
-- column kappa_binary: Cohen's kappa of any commitment or none; null where degenerate
-- column degenerate: whether both portfolios are one level throughout, so that nothing
--   corrected for chance exists
with margins as (
    select
        d.coding,
        d.year,
        d.iso3_a,
        d.iso3_b,
        d.weighted_count,
        d.weight_sum,
        d.weight_distance,
        d.tau_b,
        (d.n00 + d.n01 + d.n02 + d.n03)::double
            as r0,
        (d.n10 + d.n11 + d.n12 + d.n13)::double
            as r1,
        (d.n20 + d.n21 + d.n22 + d.n23)::double
            as r2,
        (d.n30 + d.n31 + d.n32 + d.n33)::double
            as r3,
        (d.n00 + d.n10 + d.n20 + d.n30)::double
            as c0,
        (d.n01 + d.n11 + d.n21 + d.n31)::double
            as c1,
        (d.n02 + d.n12 + d.n22 + d.n32)::double
            as c2,
        (d.n03 + d.n13 + d.n23 + d.n33)::double
            as c3,
        r0 + r1 + r2 + r3 as n,
        d.n00 + d.n11 + d.n22 + d.n33 as alike,
        d.n01 + d.n12 + d.n23 + d.n10 + d.n21 + d.n32 as apart1,
        d.n02 + d.n13 + d.n20 + d.n31 as apart2,
        d.n03 + d.n30 as apart3,
        d.n00 + n - r0 - c0 + d.n00 as alike_binary,
    from core.alliance_dyads as d
),

distances as (
    select
        m.coding,
        m.year,
        m.iso3_a,
        m.iso3_b,
        m.n,
        m.weighted_count,
        m.weight_sum,
        m.weight_distance,
        m.tau_b,
        m.alike / m.n as same,
        (m.r0 * m.c0 + m.r1 * m.c1 + m.r2 * m.c2 + m.r3 * m.c3) / m.n ^ 2
            as same_expected,
        (
            (m.r0 + m.c0) ^ 2 + (m.r1 + m.c1) ^ 2 + (m.r2 + m.c2) ^ 2
            + (m.r3 + m.c3) ^ 2
        ) / (2 * m.n) ^ 2 as same_pooled,
        (m.apart1 + 2 * m.apart2 + 3 * m.apart3) / m.n as mean_abs,
        (
            m.r0 * (m.n - m.c0) + (m.n - m.r0) * m.c0
            + (m.r0 + m.r1) * (m.c2 + m.c3) + (m.r2 + m.r3) * (m.c0 + m.c1)
            + m.r3 * (m.n - m.c3) + (m.n - m.r3) * m.c3
        ) / m.n ^ 2 as mean_abs_expected,
        (m.apart1 + 4 * m.apart2 + 9 * m.apart3) / m.n as mean_sq,
        m.r1 + 2 * m.r2 + 3 * m.r3 as sum_a,
        m.c1 + 2 * m.c2 + 3 * m.c3 as sum_b,
        m.r1 + 4 * m.r2 + 9 * m.r3 + m.c1 + 4 * m.c2 + 9 * m.c3 as squares,
        (squares - 2 * sum_a * sum_b / m.n) / m.n as mean_sq_expected,
        (squares - (sum_a + sum_b) ^ 2 / (2 * m.n)) / m.n as mean_sq_pooled,
        m.alike_binary / m.n as same_binary,
        (m.r0 * m.c0 + (m.n - m.r0) * (m.n - m.c0)) / m.n ^ 2 as same_binary_expected,
        greatest(m.r0 * m.c0, m.r1 * m.c1, m.r2 * m.c2, m.r3 * m.c3) = m.n ^ 2
            as degenerate,
    from margins as m
)

select
    d.coding,
    d.year,
    d.iso3_a,
    d.iso3_b,
    d.n::integer as n,
    1 - 2 * d.mean_abs / 3 as s_abs,
    1 - 2 * d.mean_sq / 9 as s_sq,
    1 - 2 * d.weight_distance / (3 * nullif(d.weight_sum, 0)) as s_weighted,
    d.weighted_count,
    case when not d.degenerate then (d.same - d.same_expected) / (1 - d.same_expected) end
        as kappa,
    case when not d.degenerate then 1 - d.mean_abs / d.mean_abs_expected end
        as kappa_abs,
    case when not d.degenerate then 1 - d.mean_sq / d.mean_sq_expected end as kappa_sq,
    case when not d.degenerate then (d.same - d.same_pooled) / (1 - d.same_pooled) end
        as pi,
    case when not d.degenerate then 1 - d.mean_sq / d.mean_sq_pooled end as pi_sq,
    2 * (d.mean_abs_expected - d.mean_abs) / 3 as a_index,
    d.tau_b,
    2 * d.same_binary - 1 as s_binary,
    case
        when d.same_binary_expected < 1
            then (d.same_binary - d.same_binary_expected) / (1 - d.same_binary_expected)
    end as kappa_binary,
    d.degenerate,
from distances as d
