-- What distance, neighbourhood and trade agreements do to trade, by the gravity model.
select
    e.year,
    e.regressor,
    e.coefficient,
    e.std_error,
    e.flow_count,
from core.gravity_estimates as e
where e.coefficient is not null
order by e.regressor, e.year
