-- On whom each state's security rests, with a threshold of one's own (A4).
-- kind: macro
-- parameters: symmetric_below
-- grain: one state of the international system in one calendar year, by coding
-- units: states; ratios; shares 0 to 1
-- method: of the allies that owe the state defence (core.alliance_ties) the one with the
--   greatest capability (Composite Index of National Capability, core.economies) is the
--   dominant one, of equals the first by code. After Morrow 1991, Cha 2010 and Zou (sec. 4.2): symmetric if the
--   dominant ally has less than symmetric_below times the state's own capability; else
--   bilateral if that is the only ally, or no other ally is of the state's own region;
--   else multilateral. Regions are primary ones, version 2026, on 1 July. States outside
--   the system can be allies and are no rows
-- column coding [code]: atop, cow or treaty (members of a few alliances, from 2019)
-- column year: calendar year
-- column iso3: the state
-- column region_id: its region; null if it has none
-- column ally_count [states]: states that owe it defence
-- column unknown_count [states]: of these, states whose capability is not known, which
--   enter no share and cannot be dominant
-- column regional_ally_count [states]: allies of the state's own region
-- column dominant_iso3: the most capable ally; null without an ally
-- column dominant_region_id: its region
-- column is_extra_regional: whether it is from outside the state's region
-- column capability_ratio: capability of the dominant ally over the state's own; null
--   where either is not known, or the state's own is 0
-- column dominance_share [share]: the dominant ally's part of the capabilities of the
--   state and all its allies
-- column outside_option_share [share]: the other allies' part of the capabilities of all
--   allies
-- column threshold: symmetric_below
-- column structure [code]: none (no ally), symmetric, bilateral or multilateral; null
--   where the ratio is not known
with years as (
    select distinct
        t.coding,
        t.year,
    from core.alliance_ties as t
),

regions as (
    select
        r.iso3,
        r.region_id,
        r.valid_from,
        coalesce(r.valid_to, date '9999-12-31') as valid_to,
    from core.region_members as r
    where r.region_version = '2026' and r.is_primary
),

members as (
    select
        y.coding,
        y.year,
        s.iso3,
        r.region_id,
        e.cinc,
    from years as y
    inner join core.system_members as s
        on y.year between s.year_from and coalesce(s.year_to, 9999)
    left join regions as r
        on r.iso3 = s.iso3
        and make_date(y.year, 7, 1) >= r.valid_from
        and make_date(y.year, 7, 1) < r.valid_to
    left join core.economies as e
        on e.iso3 = s.iso3
        and e.year = y.year
),

allies as (
    select
        t.coding,
        t.year,
        t.receiver_iso3 as iso3,
        count(*) as ally_count,
        count(e.cinc) as known_count,
        arg_min(t.provider_iso3, row(-e.cinc, t.provider_iso3))
            filter (where e.cinc is not null) as dominant_iso3,
        arg_min(r.region_id, row(-e.cinc, t.provider_iso3))
            filter (where e.cinc is not null) as dominant_region_id,
        max(e.cinc) as dominant,
        sum(e.cinc) as total,
        histogram(r.region_id) as by_region,
    from core.alliance_ties as t
    left join core.economies as e
        on e.iso3 = t.provider_iso3
        and e.year = t.year
    left join regions as r
        on r.iso3 = t.provider_iso3
        and make_date(t.year, 7, 1) >= r.valid_from
        and make_date(t.year, 7, 1) < r.valid_to
    where t.defense
    group by t.coding, t.year, t.receiver_iso3
)

select
    m.coding,
    m.year,
    m.iso3,
    m.region_id,
    coalesce(a.ally_count, 0)::integer as ally_count,
    coalesce(a.ally_count - a.known_count, 0)::integer as unknown_count,
    coalesce(a.by_region[m.region_id], 0)::integer as regional_ally_count,
    a.dominant_iso3,
    case when a.dominant_iso3 is not null then a.dominant_region_id end
        as dominant_region_id,
    a.dominant_region_id <> m.region_id as is_extra_regional,
    a.dominant / nullif(m.cinc, 0) as capability_ratio,
    a.dominant / nullif(m.cinc + a.total, 0) as dominance_share,
    (a.total - a.dominant) / nullif(a.total, 0) as outside_option_share,
    symmetric_below as threshold,
    case
        when a.ally_count is null then 'none'
        when capability_ratio is null then null
        when capability_ratio < symmetric_below then 'symmetric'
        when
            a.ally_count = 1
            or regional_ally_count - coalesce((not is_extra_regional)::integer, 0) = 0
            then 'bilateral'
        else 'multilateral'
    end as structure,
from members as m
left join allies as a
    on a.coding = m.coding
    and a.year = m.year
    and a.iso3 = m.iso3
