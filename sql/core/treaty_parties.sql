-- Who was bound by a treaty, and when.
-- kind: table
-- key: treaty_id, iso3, valid_from
-- grain: one spell of one state as a party to one treaty of one source
-- units: days
-- method: union of one view a source (core.treaty_parties_atop and so on); each says from
--   which act a spell counts
-- column treaty_id: the treaty, as in core.treaties
-- column source: which source
-- column iso3: the party
-- column valid_from [day]: first day of the spell; a bound unless from_precision is day
-- column valid_to [day]: first day after the spell; null while it lasts; a bound unless
--   to_precision is day
-- column from_precision [code]: what is known of the beginning: day, month or year, in
--   whose first day valid_from is; null if only that it was not earlier
-- column to_precision [code]: what is known of the end: day, month or year, after which
--   valid_to is; open for a spell that had not ended when the source was made; null if
--   only that it was not later
-- column action [code]: how the state became a party: original, accession or succession
-- column ended_by [code]: how the spell ended, such as withdrawal, fulfilled, violated,
--   replaced, censored or succession; null while it lasts, and where it is not known
select
    a.treaty_id,
    a.source,
    a.iso3,
    a.valid_from,
    a.valid_to,
    a.from_precision,
    a.to_precision,
    a.action,
    a.ended_by,
from core.treaty_parties_atop as a
union all
select
    t.treaty_id,
    t.source,
    t.iso3,
    t.valid_from,
    t.valid_to,
    t.from_precision,
    t.to_precision,
    t.action,
    t.ended_by,
from core.treaty_parties_tota as t
union all
select
    d.treaty_id,
    d.source,
    d.iso3,
    d.valid_from,
    d.valid_to,
    d.from_precision,
    d.to_precision,
    d.action,
    d.ended_by,
from core.treaty_parties_desta as d
union all
select
    m.treaty_id,
    m.source,
    m.iso3,
    m.valid_from,
    m.valid_to,
    m.from_precision,
    m.to_precision,
    m.action,
    m.ended_by,
from core.treaty_parties_mtdsg as m
union all
select
    x.treaty_id,
    x.source,
    x.iso3,
    x.valid_from,
    x.valid_to,
    x.from_precision,
    x.to_precision,
    x.action,
    x.ended_by,
from core.treaty_parties_texts as x
