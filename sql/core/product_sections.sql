-- The sections of the Harmonized System and the chapters in them.
-- grain: one chapter
-- units: none
-- method: the sections are the same in all editions from 1992 on. Chapter 77 is
--   reserved, 98 and 99 are for national use and are in no section
-- column chapter [code]: two digits
-- column section [code]: its number, written with two digits, so that it sorts: 01 is
--   section I
select
    lpad(cast(c.number as varchar), 2, '0') as chapter,
    s.section,
from (
    values
        ('01', 1, 5), ('02', 6, 14), ('03', 15, 15), ('04', 16, 24), ('05', 25, 27),
        ('06', 28, 38), ('07', 39, 40), ('08', 41, 43), ('09', 44, 46), ('10', 47, 49),
        ('11', 50, 63), ('12', 64, 67), ('13', 68, 70), ('14', 71, 71), ('15', 72, 83),
        ('16', 84, 85), ('17', 86, 89), ('18', 90, 92), ('19', 93, 93), ('20', 94, 96),
        ('21', 97, 97)
) as s (section, first_chapter, last_chapter)
inner join range(1, 98) as c (number)
    on c.number between s.first_chapter and s.last_chapter
where c.number <> 77
