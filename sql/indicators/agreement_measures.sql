-- Every agreement measure of a 3x3 table of ballots: the one place where the formulas
-- are.
-- kind: macro
-- parameters: n11, n12, n13, n21, n22, n23, n31, n32, n33
-- grain: one row
-- units: counts are roll calls; measures have no unit
-- method: r and c are the table's row and column sums, N its sum, d1 = n12+n21+n23+n32,
--   d2 = n13+n31, SAD = d1+2*d2, SSD = d1+4*d2; choices are scored yes 1, abstain 2, no
--   3, and the range of scores is always 2, whatever was observed. Krippendorff 2011;
--   Scott 1955; Cohen 1960, 1968; Signorino and Ritter 1999; Haege 2011; Bailey,
--   Strezhnev and Voeten 2017; Benati and Capurri 2026. A measure corrected for chance
--   is null where chance explains everything
-- column n [roll calls]: N, roll calls on which both cast a ballot
-- column agree_count [roll calls]: both cast the same: n11+n22+n33
-- column agree: strict agreement, agree_count/N; an abstention equals only an
--   abstention (V1)
-- column agree_half: (agree_count + d1/2)/N; an abstention is half way between yes and
--   no (V2)
-- column yes_no_count [roll calls]: both voted yes or no: n11+n13+n31+n33
-- column agree_yes_no_count [roll calls]: of these both the same: n11+n33
-- column agree_yes_no: agree_yes_no_count/yes_no_count; abstentions are left out (V3)
-- column s_abs: S with absolute distances, 1 - 2*SAD/(2*N) (V4)
-- column s_sq: S with squared distances, 1 - 2*SSD/(4*N) (V4)
-- column kappa: Cohen's kappa, nominal (V5)
-- column kappa_abs: Cohen's kappa, linear weights on scores 1 to 3 (V5)
-- column kappa_sq: Cohen's kappa, squared weights: 1 - SSD/(SS1 + SS2 - 2*S1*S2/N) (V5)
-- column pi: Scott's pi, nominal (V6)
-- column pi_sq: Scott's pi, squared: 1 - SSD/(SS1 + SS2 - (S1+S2)^2/(2*N)) (V6)
-- column alpha: Krippendorff's alpha, nominal: 1 - (1-pi)*(2*N-1)/(2*N) (V6b)
-- column alpha_interval: Krippendorff's alpha, interval: the same of pi_sq (V6b)
-- column a_index: alignment beyond chance, s_abs less its value under independence; 0
--   under independence, and not bounded by kappa (V6c)
-- column low_n: whether N is below 10, too few to report
-- column degenerate: whether both always cast one and the same ballot, so that no
--   measure corrected for chance exists
with counts as (
    select
        n11 as n11,
        n12 as n12,
        n13 as n13,
        n21 as n21,
        n22 as n22,
        n23 as n23,
        n31 as n31,
        n32 as n32,
        n33 as n33,
        cast(n11 + n12 + n13 as double) as r1,
        cast(n21 + n22 + n23 as double) as r2,
        cast(n31 + n32 + n33 as double) as r3,
        cast(n11 + n21 + n31 as double) as c1,
        cast(n12 + n22 + n32 as double) as c2,
        cast(n13 + n23 + n33 as double) as c3,
        cast(n12 + n21 + n23 + n32 as double) as d1,
        cast(n13 + n31 as double) as d2,
),

sums as (
    select
        t.r1 + t.r2 + t.r3 as n,
        t.n11 + t.n22 + t.n33 as agree_count,
        t.n11 + t.n13 + t.n31 + t.n33 as yes_no_count,
        t.n11 + t.n33 as agree_yes_no_count,
        t.d1,
        t.d1 + 2 * t.d2 as sad,
        t.d1 + 4 * t.d2 as ssd,
        t.r1 + 2 * t.r2 + 3 * t.r3 as s1,
        t.c1 + 2 * t.c2 + 3 * t.c3 as s2,
        t.r1 + 4 * t.r2 + 9 * t.r3 as ss1,
        t.c1 + 4 * t.c2 + 9 * t.c3 as ss2,
        t.r1 * t.c1 + t.r2 * t.c2 + t.r3 * t.c3 as chance_same,
        (t.r1 + t.c1) ** 2 + (t.r2 + t.c2) ** 2 + (t.r3 + t.c3) ** 2 as pooled_same,
        t.r1 * (t.c2 + 2 * t.c3) + t.r2 * (t.c1 + t.c3) + t.r3 * (2 * t.c1 + t.c2)
            as chance_distance,
        greatest(t.n11, t.n22, t.n33) as most_frequent,
    from counts as t
),

measures as (
    select
        s.n,
        s.agree_count,
        s.agree_count / nullif(s.n, 0) as agree,
        (s.agree_count + s.d1 / 2) / nullif(s.n, 0) as agree_half,
        s.yes_no_count,
        s.agree_yes_no_count,
        s.agree_yes_no_count / nullif(s.yes_no_count, 0) as agree_yes_no,
        1 - s.sad / nullif(s.n, 0) as s_abs,
        1 - s.ssd / nullif(2 * s.n, 0) as s_sq,
        1 - (s.n - s.agree_count) * s.n / nullif(s.n ** 2 - s.chance_same, 0) as kappa,
        1 - s.sad * s.n / nullif(s.chance_distance, 0) as kappa_abs,
        1 - s.ssd * s.n / nullif((s.ss1 + s.ss2) * s.n - 2 * s.s1 * s.s2, 0)
            as kappa_sq,
        1 - 4 * s.n * (s.n - s.agree_count) / nullif(4 * s.n ** 2 - s.pooled_same, 0)
            as pi,
        1 - 2 * s.n * s.ssd / nullif(2 * s.n * (s.ss1 + s.ss2) - (s.s1 + s.s2) ** 2, 0)
            as pi_sq,
        (2 * s.n - 1) / nullif(2 * s.n, 0) as small_sample,
        (s.chance_distance / nullif(s.n, 0) - s.sad) / nullif(s.n, 0) as a_index,
        s.n < 10 as low_n,
        s.n > 0 and s.most_frequent = s.n as degenerate,
    from sums as s
)

select
    cast(m.n as integer) as n,
    cast(m.agree_count as integer) as agree_count,
    m.agree,
    m.agree_half,
    cast(m.yes_no_count as integer) as yes_no_count,
    cast(m.agree_yes_no_count as integer) as agree_yes_no_count,
    m.agree_yes_no,
    m.s_abs,
    m.s_sq,
    m.kappa,
    m.kappa_abs,
    m.kappa_sq,
    m.pi,
    m.pi_sq,
    1 - (1 - m.pi) * m.small_sample as alpha,
    1 - (1 - m.pi_sq) * m.small_sample as alpha_interval,
    m.a_index,
    m.low_n,
    m.degenerate,
from measures as m
