package probit

import "math"

// The sampler needs two or three values of the normal distribution for each of 800,000 ballots, sixty times
// a second, and math.Erfc and math.Erfinv take longer than all the rest. Both functions are therefore
// piecewise cubics through exact values and slopes; the largest errors are in TestNormal.
const (
	reach     = 9   // beyond -reach and reach the tables end
	perUnit   = 32  // pieces a unit
	octaves   = 128 // of probabilities below a half: down to the quantile -12.9
	perOctave = 32  // pieces an octave
	octaveLog = 5   // binary logarithm of perOctave
)

// normal is the standard normal distribution.
type normal struct {
	cdf     [2 * reach * perUnit]cubic
	mill    [2 * reach * perUnit]cubic
	inverse [octaves * perOctave]cubic
}

// cubic holds the coefficients of 1, t, t² and t³ for t in [0, 1).
type cubic [4]float64

func (c *cubic) at(t float64) float64 { return ((c[3]*t+c[2])*t+c[1])*t + c[0] }

// through is the cubic with values y0 and y1 at 0 and 1, and slopes d0 and d1.
func through(y0, y1, d0, d1 float64) cubic {
	return cubic{y0, d0, 3*(y1-y0) - 2*d0 - d1, 2*(y0-y1) + d0 + d1}
}

func newNormal() *normal {
	n := &normal{}
	const step = 1.0 / perUnit
	slope := func(x float64) float64 { m := exactMills(x); return -m * (m + x) * step }
	for i := range n.cdf {
		x := float64(i)*step - reach
		n.cdf[i] = through(exactCDF(x), exactCDF(x+step), density(x)*step, density(x+step)*step)
		n.mill[i] = through(exactMills(x), exactMills(x+step), slope(x), slope(x+step))
	}
	for i := range n.inverse {
		octave := math.Ldexp(1, i/perOctave-octaves-1) // [octave, 2 octave)
		width := octave / perOctave
		p := octave + float64(i%perOctave)*width
		x0, x1 := exactQuantile(p), exactQuantile(p+width)
		n.inverse[i] = through(x0, x1, width/density(x0), width/density(x1))
	}
	return n
}

// below is the probability of a value below x: at least 1e-19, so that a product of sixteen is positive.
func (n *normal) below(x float64) float64 {
	y := (x + reach) * perUnit
	i := int(y)
	if uint(i) >= uint(len(n.cdf)) || y < 0 {
		if x > 0 {
			return 1
		}
		return leastProbability
	}
	return n.cdf[i].at(y - float64(i))
}

const leastProbability = 1e-19

// between is the probability of a value in (a, b), at least leastProbability.
func (n *normal) between(a, b float64) float64 {
	if a > 0 {
		a, b = -b, -a // small probabilities keep their digits
	}
	return max(n.below(b)-n.below(a), leastProbability)
}

// mills is density over probability, φ(x)/Φ(x), the mean of a normal variable above -x, less its own mean.
func (n *normal) mills(x float64) float64 {
	y := (x + reach) * perUnit
	i := int(y)
	if uint(i) >= uint(len(n.mill)) || y < 0 {
		if x > 0 {
			return 0
		}
		return -x - 1/x
	}
	return n.mill[i].at(y - float64(i))
}

// quantile undoes below, for p between 0 and 1.
func (n *normal) quantile(p float64) float64 {
	q := min(p, 1-p)
	const fraction = 52 - octaveLog
	bits := math.Float64bits(q)
	i := int(bits>>fraction) - (1023-octaves-1)<<octaveLog
	if uint(i) >= uint(len(n.inverse)) {
		if i >= len(n.inverse) {
			return 0 // a half
		}
		return math.Copysign(n.inverse[0][0], p-0.5)
	}
	t := float64(bits&(1<<fraction-1)) * (1.0 / (1 << fraction))
	return math.Copysign(n.inverse[i].at(t), p-0.5)
}

func density(x float64) float64 { return math.Exp(-x*x/2) / math.Sqrt(2*math.Pi) }

func exactCDF(x float64) float64 { return math.Erfc(-x/math.Sqrt2) / 2 }

func exactMills(x float64) float64 { return density(x) / exactCDF(x) }

// exactQuantile solves log Φ(x) = log p for p to a half by Newton's method, which converges from the left.
func exactQuantile(p float64) float64 {
	x := -math.Sqrt(-2 * math.Log(p))
	for range 100 {
		change := (math.Log(exactCDF(x)) - math.Log(p)) / exactMills(x)
		x -= change
		if math.Abs(change) < 1e-14 {
			break
		}
	}
	return x
}
