-- The parts of each composite indicator and what each counts in it.
-- grain: one part of one composite
-- units: shares, which add up to 1 in a composite
-- method: equal weights, a convention: nothing says that a part matters more than
--   another, and nothing says that it does not. How much the convention decides is what
--   rank_low and rank_high of indicators.regional_cooperation and
--   indicators.informal_alignment_bands show
-- column composite: view of the composite, in the schema indicators
-- column part: column of the part in that view, without its suffix
-- column weight [share]: what the part counts
select
    w.composite,
    w.part,
    1 / count(*) over (partition by w.composite) as weight,
from (
    values
        ('informal_alignment', 'kappa'),
        ('informal_alignment', 'interdependence'),
        ('informal_alignment', 'institutions'),
        ('regional_cooperation', 'institutions'),
        ('regional_cooperation', 'introversion'),
        ('regional_cooperation', 'agreement'),
        ('regional_cooperation', 'peace'),
        ('abandonment_exposure', 'distance'),
        ('abandonment_exposure', 'capability'),
        ('abandonment_exposure', 'adversary'),
        ('institutional_binding', 'group'),
        ('institutional_binding', 'treaty'),
        ('institutional_binding', 'institutionalization')
) as w (composite, part)
