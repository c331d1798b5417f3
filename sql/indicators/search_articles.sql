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
),

found as (
    select
        p.language,
        p.term,
        p.treaty_id,
        p.article_seq,
        any_value(p.article_word_count) as length,
        sum(p.word_count) as frequency,
        arg_max(p.form, p.word_count) as form,
    from core.article_terms as p
    inner join terms as t
        on t.term = p.term
        and t.language = p.language
    group by p.language, p.term, p.treaty_id, p.article_seq
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
        f.language,
        f.term,
        ln(1 + (any_value(l.article_count) - count(*) + 0.5) / (count(*) + 0.5))
            as weight,
    from found as f
    inner join languages as l
        on l.language = f.language
    group by f.language, f.term
),

scored as (
    select
        f.treaty_id,
        f.article_seq,
        sum(
            w.weight * f.frequency * 2.2
            / (f.frequency + 1.2 * (0.25 + 0.75 * f.length / l.mean_length))
        ) as score,
        count(*) as term_count,
        arg_max(f.form, w.weight) as form,
    from found as f
    inner join weighed as w
        on w.language = f.language
        and w.term = f.term
    inner join languages as l
        on l.language = f.language
    group by f.treaty_id, f.article_seq
),

best as (
    select
        row_number() over (
            order by round(s.score, 9) desc, s.treaty_id, s.article_seq
        ) as rank,
        s.treaty_id,
        s.article_seq,
        s.score,
        s.term_count,
        s.form,
    from scored as s
    qualify rank <= n
),

texts as (
    select
        b.rank,
        b.treaty_id,
        b.article_seq,
        a.article_number,
        a.article_name,
        a.language,
        a.text_kind,
        b.score,
        b.term_count,
        b.form,
        a.text,
        strip_accents(lower(a.text)) as folded,
    from best as b
    inner join core.treaty_articles as a
        on a.treaty_id = b.treaty_id
        and a.article_seq = b.article_seq
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
