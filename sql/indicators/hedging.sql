-- How far a state leans to one of the United States and China with its votes and to the
-- other with its trade, without leaning to either on the whole (X7).
-- grain: one state in one calendar year with a row in indicators.tilt_gap
-- units: tilts -1 (China) to 1 (United States); 0 to 1
-- method: (1 - |pol + econ|/2) * |pol - econ|/2 of indicators.tilt_gap. Missing: null
--   unless both parts are known. The formula is ours: to hedge is usually to send
--   ambiguous signals, which no vote and no trade shows. A state that is half way
--   between the poles in both has 0: it does not hedge here but keeps apart
-- column year: calendar year
-- column iso3: the state
-- column trade_source: source of econ
-- column ideal_method [code]: method of pol: published or vb
-- column econ: tilt of trade
-- column pol: tilt of votes
-- column balance: 1 - |pol + econ|/2, 1 where the two tilts add up to none
-- column divergence: |pol - econ|/2, 1 where they are opposite and whole
-- column hedging: balance*divergence
-- column hedging_percentile [share]: share of the other states of the year with a
--   smaller one
select
    t.year,
    t.iso3,
    t.trade_source,
    t.ideal_method,
    t.econ,
    t.pol,
    1 - abs(t.pol + t.econ) / 2 as balance,
    abs(t.pol - t.econ) / 2 as divergence,
    balance * divergence as hedging,
    case
        when hedging is not null and count(hedging) over (partition by t.year) > 1
            then percent_rank() over (
                partition by t.year, hedging is not null
                order by hedging
            )
    end as hedging_percentile,
from indicators.tilt_gap as t
