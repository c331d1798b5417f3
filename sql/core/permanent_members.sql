-- The five permanent seats of the Security Council and the state codes that held them.
-- grain: one state's spell in one seat
-- units: days
-- method: Charter of the United Nations, article 23; General Assembly resolution 2758
--   (XXVI) of 25 October 1971 for the China seat; the seat of the USSR continued as RUS
-- column iso3: the state
-- column valid_from [day]: first day in the seat
-- column valid_to [day]: first day after it; null while it lasts
select
    seat.iso3,
    seat.valid_from,
    seat.valid_to,
from (
    values
        ('CHN', date '1971-10-25', null),
        ('FRA', date '1945-10-24', null),
        ('GBR', date '1945-10-24', null),
        ('RUS', date '1945-10-24', null),
        ('TWN', date '1945-10-24', date '1971-10-25'),
        ('USA', date '1945-10-24', null)
) as seat (iso3, valid_from, valid_to)
