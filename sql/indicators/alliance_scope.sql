-- How much each alliance provides for, year by year: its members, its age, and which of
-- 18 provisions are in the agreement (A10, for P5, P7, P8 and P9).
-- grain: one alliance in one calendar year in which it had members
-- units: states; years; provisions
-- method: codes of Leeds, Ritter, Mitchell and Long 2002 (ATOP) for the phase in force
--   at the end of the year; a provision counts if any member of the phase has it. They
--   code what the agreement and those beside it say, not what grew out of them: NATO
--   has no integrated command in it, and its strategic concepts are no treaty. So a
--   scope that stands still says that nothing was signed. Which provisions belong to
--   which domain, and that each counts one, is ours; institutionalization is after
--   Leeds and Anac 2005, who look at military coordination in peacetime and at
--   organization. Years end with the coding in 2018
-- trace raw.atop_members: 'atop:' || t.atopid = r.treaty_id and t.phase = r.phase
--   and r.year between t.yrent and coalesce(t.yrexit, 2018)
-- column treaty_id: the alliance
-- column year: calendar year
-- column phase [code]: phase of the alliance as ATOP numbers them; 0 where its
--   obligations never changed
-- column member_count [states]: members on any day of the year in that phase
-- column form [code]: bilateral or multilateral by member_count; an alliance that lost
--   all but one member on the way has neither
-- column age [years]: years since the first signature
-- column obligation_count [provisions]: of defense, offense, neutrality, non-aggression
--   and consultation
-- column military_count [provisions]: of contact of the militaries in peace, military
--   aid, integrated command, subordination of forces, bases and stated contributions
-- column organization_count [provisions]: of a first and a second organization or
--   regular meetings
-- column political_count [provisions]: of diplomatic aid, settlement of the members'
--   disputes and respect for territory
-- column economic_count [provisions]: of economic aid and other cooperation that is not
--   military
-- column scope_count [provisions]: their sum, 0 to 18
-- column domain_count [domains]: of the five, those with a provision
-- column institutionalization [provisions]: of contact in peace, integrated command,
--   subordination, bases, contributions and a first organization, 0 to 6
-- column unknown_count [provisions]: of the 18, those not coded for any member; they
--   count as absent
with spells as (
    select
        m.atopid,
        m.phase,
        m.member,
        unnest(range(m.yrent, coalesce(m.yrexit, 2018) + 1))::smallint as year,
        m.defense,
        m.offense,
        m.neutral,
        m.nonagg,
        m.consul,
        m.milcon > 0 as contact,
        m.milaid > 0 as military_aid,
        m.intcom,
        m.subord > 0 as subordination,
        m.base > 0 as bases,
        m.contrib,
        m.organ1 > 0 as first_organization,
        m.organ2 > 0 as second_organization,
        m.dipaid,
        m.medarb,
        m.terrres,
        m.ecaid > 0 as economic_aid,
        m.nomicoop,
    from raw.atop_members as m
),

latest as (
    select
        s.atopid,
        s.year,
        s.phase,
        count(distinct s.member) as member_count,
        [
            bool_or(s.defense),
            bool_or(s.offense),
            bool_or(s.neutral),
            bool_or(s.nonagg),
            bool_or(s.consul),
        ] as obligations,
        [
            bool_or(s.contact),
            bool_or(s.military_aid),
            bool_or(s.intcom),
            bool_or(s.subordination),
            bool_or(s.bases),
            bool_or(s.contrib),
        ] as military,
        [
            bool_or(s.first_organization),
            bool_or(s.second_organization),
        ] as organizations,
        [
            bool_or(s.dipaid),
            bool_or(s.medarb),
            bool_or(s.terrres),
        ] as political,
        [
            bool_or(s.economic_aid),
            bool_or(s.nomicoop),
        ] as economic,
        [
            bool_or(s.contact),
            bool_or(s.intcom),
            bool_or(s.subordination),
            bool_or(s.bases),
            bool_or(s.contrib),
            bool_or(s.first_organization),
        ] as institutions,
    from spells as s
    group by s.atopid, s.year, s.phase
    qualify
        s.phase = max(s.phase) over (partition by s.atopid, s.year)
),

counted as (
    select
        l.atopid,
        l.year,
        l.phase,
        l.member_count,
        len(list_filter(l.obligations, lambda has: has)) as obligation_count,
        len(list_filter(l.military, lambda has: has)) as military_count,
        len(list_filter(l.organizations, lambda has: has)) as organization_count,
        len(list_filter(l.political, lambda has: has)) as political_count,
        len(list_filter(l.economic, lambda has: has)) as economic_count,
        len(list_filter(l.institutions, lambda has: has)) as institutionalization,
        len(
            list_filter(
                l.obligations || l.military || l.organizations || l.political
                || l.economic,
                lambda has: has is null
            )
        ) as unknown_count,
    from latest as l
),

begun as (
    select
        m.atopid,
        min(m.yrent) as first_year,
    from raw.atop_members as m
    group by m.atopid
)

select
    'atop:' || c.atopid as treaty_id,
    c.year,
    c.phase,
    c.member_count::integer as member_count,
    case
        when c.member_count = 2 then 'bilateral'
        when c.member_count > 2 then 'multilateral'
    end as form,
    (c.year - b.first_year)::integer as age,
    c.obligation_count::integer as obligation_count,
    c.military_count::integer as military_count,
    c.organization_count::integer as organization_count,
    c.political_count::integer as political_count,
    c.economic_count::integer as economic_count,
    (
        c.obligation_count + c.military_count + c.organization_count
        + c.political_count + c.economic_count
    )::integer as scope_count,
    (
        (c.obligation_count > 0)::integer + (c.military_count > 0)::integer
        + (c.organization_count > 0)::integer + (c.political_count > 0)::integer
        + (c.economic_count > 0)::integer
    ) as domain_count,
    c.institutionalization::integer as institutionalization,
    c.unknown_count::integer as unknown_count,
from counted as c
inner join begun as b
    on b.atopid = c.atopid
