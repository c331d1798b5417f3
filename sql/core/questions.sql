-- The questions that entente was built for, each with the query that answers it.
-- grain: one question
-- units: none
-- method: P1 to P29 are claims, concepts and wants of Zou's study of the dual role of
--   military alliances, in plain words; other states, groups, regions and years go into
--   the same query. docs/questions.md is this table, and core.measures says which
--   column has which measure
-- column id [code]: P1 to P29
-- column question: in plain words
-- column query: SQL that answers it, to run as it stands
-- column sources: sources that it needs: of names with a bar between them one, of those
--   with a comma all. Where one is not loaded the answer is empty
-- column cannot_show: what the answer does not say
-- column missing_source: a source that is not there, for want of which part of the
--   answer is missing, or all; null where nothing is
with questions as (
    from (values
    (
        1, 'How alike did China and Russia vote, and China and the United States?',
        $$from indicators.pair_alignment('SC', 'CHN', 'RUS', date '2006-01-01',
        date '2012-12-31')
        union all
        from indicators.pair_alignment('SC', 'CHN', 'USA', date '2006-01-01',
        date '2012-12-31')$$,
        'sciencespo|unsc',
        'which denominator is meant: source and scope are rows; the Assembly is ''GA''',
        null
    ),
    (
        2, 'Is China-Russia an alliance without a treaty?',
        $$from indicators.pair_pillars('CHN', 'RUS') order by year$$,
        'voeten|unga',
        'a level: the rank is among pairs without a pact of defence in one year',
        'arms transfers; joint exercises'
    ),
    (
        3, 'Did trade and votes of the two draw closer when sanctions came?',
        $$from indicators.event_window('CHN', 'RUS', 2014, 5)$$,
        'comtrade|imts|cowtrade',
        'that the event did it: set another pair beside it; 2022 needs later trade',
        'monthly trade; dates of sanctions'
    ),
    (
        4, 'Which alliances are formal, and which are not?',
        $$from indicators.pair_formality('USA', 'ISR') order by year$$,
        'atop',
        'commitments that nobody wrote down or that are not in the cited list',
        null
    ),
    (
        5, 'Is an alliance between two states or among many?',
        $$select treaty_id, year, form, member_count
        from indicators.alliance_scope order by all$$,
        'atop', 'alliances after 2018', null
    ),
    (
        6, 'How did NATO grow?',
        $$from indicators.alliance_membership
        where group_id = 'NATO' order by valid_from$$,
        'reference', 'who asked to join and was not let in', null
    ),
    (
        7, 'Do alliances outlive the threat that they were made for?',
        $$from indicators.alliance_survival where class = 'defense' order by age$$,
        'atop', 'when the threat ended: age only', null
    ),
    (
        8, 'How tightly do treaties and organizations bind allies?',
        $$from indicators.institutional_binding
        where iso3_a = 'DEU' and iso3_b = 'FRA' order by year$$,
        'desta, atop, cowstates',
        'organizations beyond a few; of a group''s pairs: indicators.group_binding',
        'membership of all intergovernmental organizations'
    ),
    (
        9, 'Did NATO come to cover more than defence?',
        $$from indicators.alliance_scope where treaty_id = 'atop:3180' order by year$$,
        'atop',
        'what grew without a new treaty: strategic concepts are not coded',
        'texts of strategic concepts (give them to the source texts)'
    ),
    (
        10, 'What does each alliance oblige to, and on what condition?',
        $$from indicators.alliance_types order by signed_year, treaty_id$$,
        'atop', 'whether an obligation would be kept', null
    ),
    (
        11, 'Did enlargement bring conflict?',
        $$select joined_on, years_since, count(*) as states, avg(onset_count) as onsets,
            avg(region_conflict_rate) as region_conflict_rate
        from indicators.accession_conflict
        where group_id = 'NATO' and source = 'mid' and not is_founder
        group by all order by all$$,
        'mid', 'that joining did it; disputes after 2014', null
    ),
    (
        12, 'Whom could an ally draw in, and whom might it leave?',
        $$select e.year, e.iso3, e.exposure as entrapment, e.exposure_percentile,
            a.patron_iso3, a.abandonment
        from indicators.entrapment_exposure as e
        left join indicators.abandonment_exposure as a
            using (coding, year, iso3)
        where e.coding = 'atop' and e.year = 2010 order by e.exposure desc$$,
        'atop, cowstates, mid',
        'a probability; who is feared, as against fought', 'troops and aid'
    ),
    (
        13, 'Do European members of NATO go on trading with China?',
        $$select year, c.member_count, c.weighted_share as chn_share,
        c.sd_share as chn_sd,
            u.weighted_share as usa_share, u.sd_share as usa_sd
        from indicators.group_trade('NATO', 'europe', 'CHN') as c
        join indicators.group_trade('NATO', 'europe', 'USA') as u using (year)
        order by year$$,
        'comtrade|imts|cowtrade',
        'services, capital and technology; by member: indicators.member_trade', null
    ),
    (
        14, 'Do Europe and the United States drift apart?',
        $$from indicators.group_alignment('NATO', 'europe', 'USA') order by year$$,
        'voeten|unga', 'trust: it is of votes in the Assembly', null
    ),
    (
        15, 'Did the United States withdraw troops and turn elsewhere?',
        $$from indicators.foreign_troops where provider_iso3 = 'USA'$$,
        '', 'anything: the view is empty. Spending is in core.economies',
        'troops abroad (Defense Manpower Data Center)'
    ),
    (
        16, 'Do China and Russia come closer year by year?',
        $$select year, kappa_change, distance_change, interdependence_change,
            informal_alignment_change
        from indicators.pair_pillars('CHN', 'RUS') order by year$$,
        'voeten|unga', 'a change of rank that others'' moves make',
        'arms transfers; joint exercises'
    ),
    (
        17, 'Are groups that hold together those in conflict with outsiders?',
        $$from indicators.group_cohesion_conflict
        where conflict_source = 'mid' order by all$$,
        'mid, voeten|unga', 'alliances that are no group of core.groups', null
    ),
    (
        18, 'Is a region''s security as flexible as its trade agreements?',
        $$select region_id, year, allied_share, agreement_share, agreements_per_dyad
        from indicators.regional_panel where region_version = '2026' order by all$$,
        'desta|comtrade|imts|cowtrade', 'how deep an agreement is', null
    ),
    (
        19, 'Does security go to members only, and trade to all?',
        $$from indicators.regional_overlap
        where region_version = '2026' and coding = 'atop' order by region_id, year$$,
        'atop, desta', 'who was left out on purpose', null
    ),
    (
        20, 'Are alliances symmetric, bilateral or multilateral?',
        $$from indicators.alliance_structure where coding = 'atop' and year = 2012$$,
        'atop, cownmc, cowstates',
        'another threshold: indicators.alliance_structure_by', null
    ),
    (
        21, 'How far does a region depend on an ally from outside?',
        $$from indicators.regional_security
        where region_version = '2026' and coding = 'atop' order by region_id, year$$,
        'atop', 'whether the ally would come; by state: indicators.dual_dependence',
        'arms transfers'
    ),
    (
        22, 'Does freedom of policy fall with dependence?',
        $$from indicators.patron_deviation
        where coding = 'atop' and not low_n order by year, iso3$$,
        'atop, cownmc, cowstates, voeten|unga',
        'an effect: states choose their allies', null
    ),
    (
        23, 'Did security come first and integration later?',
        $$from indicators.regional_lead_lag
        where region_version = '2026' and region_id = 'europe' order by measure, lag$$,
        'atop, desta|comtrade|imts|cowtrade',
        'causes: what is first need not make what follows',
        null
    ),
    (
        24, 'Does trade bind East Asia, and security divide it?',
        $$from indicators.regional_dual_role
        where region_version = '2026' and coding = 'atop' and region_id = 'east_asia'
        order by year$$,
        'atop, cownmc, cowstates, comtrade|imts|cowtrade',
        'what counts as the region: compare version 2026-alt', null
    ),
    (
        25, 'Which pairs raced in arms?',
        $$from indicators.arms_race order by year desc, arms_race desc limit 50$$,
        'cownmc', 'prices: inflation counts as growth', null
    ),
    (
        26, 'How far apart do the members of an alliance stand?',
        $$from indicators.group_ideal_points
        where group_id = 'NATO' and scope = 'all' order by method, year$$,
        'voeten', 'ideology beyond votes', 'data on regimes and parties'
    ),
    (
        27, 'Which members leave the line of their alliance?',
        $$from indicators.pivotal_members
        where group_id = 'NATO' and body = 'GA' and scope = 'contested' and is_default
        order by year, session, rank$$,
        'voeten|unga', 'politics at home; indicators.member_deviation has V10', null
    ),
    (
        28, 'How do other regions stand, by the same measures?',
        $$from indicators.regional_panel
        where region_version = '2026'
            and region_id in ('middle_east', 'africa', 'latin_america')
        order by region_id, year$$,
        'desta|comtrade|imts|cowtrade', 'which region is better: sizes differ', null
    ),
    (
        29, 'Conflict, formation of alliances and trade: how much, where and when?',
        $$select region_id, year, conflict_rate, new_allied_count, ended_allied_count,
            intra_share, introversion
        from indicators.regional_panel where region_version = '2026' order by all$$,
        'desta|comtrade|imts|cowtrade', 'what one does to the other', null
    )
    ) as q (number, question, query, sources, cannot_show, missing_source)
)

select
    'P' || q.number as id,
    q.question,
    q.query,
    q.sources,
    q.cannot_show,
    q.missing_source,
from questions as q
order by q.number
