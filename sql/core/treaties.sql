-- Treaties, agreements and alliances, each as one source has it.
-- kind: table
-- key: treaty_id
-- grain: one treaty of one source; the same treaty in two sources is two rows
-- units: days, years, states
-- method: union of one view a source (core.treaties_atop and so on); nothing is merged
--   across sources, so counts are counts within one
-- column treaty_id: source and number, such as atop:3180
-- column source: which source
-- column number: number or name at the source
-- column title: title; null where the source has none
-- column kind [code]: alliance, trade, multilateral or security
-- column form [code]: bilateral or multilateral; null where it is not known
-- column signed_date [day]: day of signature; null unless known to the day
-- column signed_year [year]: year of signature; null where it is not known
-- column date_precision [code]: what is known of the signature: day, month or year; null
--   if nothing
-- column in_force_date [day]: day of entry into force; null where the source has none
-- column end_date [day]: day on which it ended; null unless known to the day
-- column end_year [year]: year in which it ended; null where it is not known
-- column end_precision [code]: what is known of the end: day, month, year, or open (had
--   not ended when the source was made); null if nothing
-- column party_count [states]: states that were ever a party; null where not known
-- column text_kind [code]: what of the text is here: full, partial, draft, summary
--   or none
-- column language: language of the text, ISO 639-1; null where there is no text
select
    a.treaty_id,
    a.source,
    a.number,
    a.title,
    a.kind,
    a.form,
    a.signed_date,
    a.signed_year,
    a.date_precision,
    a.in_force_date,
    a.end_date,
    a.end_year,
    a.end_precision,
    a.party_count,
    a.text_kind,
    a.language,
from core.treaties_atop as a
union all
select
    t.treaty_id,
    t.source,
    t.number,
    t.title,
    t.kind,
    t.form,
    t.signed_date,
    t.signed_year,
    t.date_precision,
    t.in_force_date,
    t.end_date,
    t.end_year,
    t.end_precision,
    t.party_count,
    t.text_kind,
    t.language,
from core.treaties_tota as t
union all
select
    d.treaty_id,
    d.source,
    d.number,
    d.title,
    d.kind,
    d.form,
    d.signed_date,
    d.signed_year,
    d.date_precision,
    d.in_force_date,
    d.end_date,
    d.end_year,
    d.end_precision,
    d.party_count,
    d.text_kind,
    d.language,
from core.treaties_desta as d
union all
select
    m.treaty_id,
    m.source,
    m.number,
    m.title,
    m.kind,
    m.form,
    m.signed_date,
    m.signed_year,
    m.date_precision,
    m.in_force_date,
    m.end_date,
    m.end_year,
    m.end_precision,
    m.party_count,
    m.text_kind,
    m.language,
from core.treaties_mtdsg as m
union all
select
    x.treaty_id,
    x.source,
    x.number,
    x.title,
    x.kind,
    x.form,
    x.signed_date,
    x.signed_year,
    x.date_precision,
    x.in_force_date,
    x.end_date,
    x.end_year,
    x.end_precision,
    x.party_count,
    x.text_kind,
    x.language,
from core.treaties_texts as x
