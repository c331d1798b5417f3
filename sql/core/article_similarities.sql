-- Articles of different treaties that share their wording.
-- kind: table
-- key: treaty_id_a, article_seq_a, treaty_id_b, article_seq_b
-- transform: article_similarities
-- grain: one pair of articles of two treaties that share at least half of the runs of
--   five words that either has
-- units: runs of five words, each counted once an article; shares
-- method: candidates by MinHash (Broder 1997) in 20 bands of three, then compared
--   exactly; a pair with an overlap of s is found with probability 1-(1-s^3)^20: 0.93 at
--   0.5, 0.99 at 0.6. Words are without case and accents; headings do not count.
--   Articles of up to 19 words are not compared, nor are summaries. Of each article the 100 closest pairs
--   are kept, and a pair stays if either keeps it; pair_count says how many there were,
--   so what is left out can be counted
-- trace core.treaty_articles:
--   (t.treaty_id = r.treaty_id_a and t.article_seq = r.article_seq_a
--   or t.treaty_id = r.treaty_id_b and t.article_seq = r.article_seq_b)
-- column treaty_id_a: the treaty that comes first by its id
-- column article_seq_a: its article, as in core.treaty_articles
-- column treaty_id_b: the other treaty
-- column article_seq_b: its article
-- column jaccard: shared_count over the runs of either article, 0.5 to 1
-- column shared_count [runs]: runs that both articles have
-- column run_count_a [runs]: runs of the first article
-- column run_count_b [runs]: runs of the other
-- column pair_count_a [pairs]: pairs found of the first article, those left out included
-- column pair_count_b [pairs]: pairs found of the other, those left out included
select
    a.treaty_id,
    a.article_seq::integer as article_seq,
    a.text,
from core.treaty_articles as a
where a.text_kind is distinct from 'summary'
