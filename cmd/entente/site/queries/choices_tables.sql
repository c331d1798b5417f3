-- Tables, views and macros of the release.
select distinct c.schema_name || '.' || c.table_name as name,
from meta.columns as c
order by name
