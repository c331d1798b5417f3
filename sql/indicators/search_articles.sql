-- The articles that a query's words describe best.
-- kind: macro
-- parameters: query, n
-- grain: one article; the n best
-- units: score has no unit
-- method: BM25 with k1 = 1.2 and b = 0.75 (Robertson and Zaragoza 2009), over articles
--   of one language each: sum over the query's terms of ln(1 + (N - df + 0.5) / (df +
--   0.5)) * f * (k1 + 1) / (f + k1 * (1 - b + b * length / mean length)). Words are
--   folded as in core.article_terms and stemmed by core.term_forms; one of six letters
--   or more that stands in no article has the longest term there is that it begins with,
--   if at most four letters are left. Scores that are equal to nine decimals are in
--   order of treaty and article
-- column rank: place by score, from 1
-- column treaty_id: the treaty
-- column title: its title
-- column signed_date [day]: its signature
-- column article_seq: the article, as in core.treaty_articles
-- column article_number: its number in the text
-- column article_name: its heading
-- column language: its language
-- column text_kind [code]: full, partial or draft; summary: words about the article, and
--   not its own
-- column score: BM25
-- column term_count: terms of the query that stand in it
-- column snippet: its text around the rarest of them
with asked as (
    select distinct
        unnest(
            regexp_extract_all(strip_accents(lower(query)), '[\p{L}\p{N}]+')
        ) as form,
),

unseen as (
    select
        a.form,
        f.term,
        f.language,
    from asked as a
    anti join core.term_forms as g
        on g.form = a.form
    inner join core.term_forms as f
        on starts_with(a.form, f.term)
        and length(f.term) between greatest(4, length(a.form) - 4) and length(a.form)
    where length(a.form) >= 6
    qualify
        length(f.term) = max(length(f.term)) over (partition by a.form)
),

terms as (
    select
        row_number() over (order by t.term, t.language) as number,
        t.term,
        t.language,
    from (
        select
            f.term,
            f.language,
        from asked as a
        inner join core.term_forms as f
            on f.form = a.form
        union
        select
            u.term,
            u.language,
        from unseen as u
    ) as t
),

postings as materialized (
    select
        t.number,
        any_value(t.language) as language,
        p.article_index,
        sum(p.word_count) as frequency,
    from core.article_terms as p
    inner join terms as t
        on t.term = p.term
    group by t.number, p.article_index
),

found as (
    select
        p.number,
        p.article_index,
        p.frequency,
        l.word_count as length,
    from postings as p
    inner join core.article_lengths as l
        on l.article_index = p.article_index
        and l.language = p.language
),

languages as (
    select
        l.language,
        count(*) as article_count,
        avg(l.word_count) as mean_length,
    from core.article_lengths as l
    group by l.language
),

weighed as (
    select
        t.number,
        t.term,
        l.mean_length,
        ln(1 + (l.article_count - f.found_count + 0.5) / (f.found_count + 0.5))
            as weight,
        row_number() over (order by weight desc, t.number) as rarity,
    from (
        select
            f.number,
            count(*) as found_count,
        from found as f
        group by f.number
    ) as f
    inner join terms as t
        on t.number = f.number
    inner join languages as l
        on l.language = t.language
),

scored as (
    select
        f.article_index,
        sum(
            w.weight * f.frequency * 2.2
            / (f.frequency + 1.2 * (0.25 + 0.75 * f.length / w.mean_length))
        ) as score,
        count(*) as term_count,
        min(w.rarity) as rarity,
    from found as f
    inner join weighed as w
        on w.number = f.number
    group by f.article_index
),

best as (
    select
        row_number() over (
            order by round(s.score, 9) desc, s.article_index
        ) as rank,
        s.article_index,
        s.score,
        s.term_count,
        s.rarity,
    from scored as s
    qualify rank <= n
),

forms as (
    select
        b.article_index,
        first(p.form order by p.word_count desc, p.form) as form,
    from best as b
    inner join weighed as w
        on w.rarity = b.rarity
    inner join core.article_terms as p
        on p.term = w.term
        and p.article_index = b.article_index
    group by b.article_index
),

texts as (
    select
        b.rank,
        a.treaty_id,
        a.article_seq,
        a.article_number,
        a.article_name,
        a.language,
        a.text_kind,
        b.score,
        b.term_count,
        f.form,
        a.text,
        strip_accents(lower(a.text)) as folded,
    from best as b
    inner join forms as f
        on f.article_index = b.article_index
    inner join core.article_lengths as l
        on l.article_index = b.article_index
    inner join core.treaty_articles as a
        on a.treaty_id = l.treaty_id
        and a.article_seq = l.article_seq
),

placed as (
    select
        t.rank,
        t.treaty_id,
        t.article_seq,
        t.article_number,
        t.article_name,
        t.language,
        t.text_kind,
        t.score,
        t.term_count,
        t.text,
        greatest(
            1,
            coalesce(
                nullif(
                    strpos(
                        ' ' || regexp_replace(t.folded, '[^\p{L}\p{N}]', ' ', 'g')
                        || ' ',
                        ' ' || t.form || ' '
                    ),
                    0
                ),
                1
            ) - 80
        ) as start,
    from texts as t
)

select
    p.rank,
    p.treaty_id,
    t.title,
    t.signed_date,
    p.article_seq,
    p.article_number,
    p.article_name,
    p.language,
    p.text_kind,
    p.score,
    p.term_count,
    case when p.start > 1 then '… ' else '' end
    || regexp_replace(
        trim(regexp_replace(substr(p.text, p.start, 280), '\s+', ' ', 'g')),
        case when p.start > 1 then '^\S+ ' else '^$' end,
        ''
    )
    || case when p.start + 280 <= length(p.text) then ' …' else '' end as snippet,
from placed as p
left join core.treaties as t
    on t.treaty_id = p.treaty_id
order by p.rank
