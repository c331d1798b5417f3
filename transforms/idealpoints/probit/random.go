package probit

import "math/rand/v2"

// stream is a generator of its own for one item or block of positions in one sweep, so that no draw depends
// on which thread made the draws before it.
func stream(into *rand.PCG, seed uint64, sweep, index int) {
	mixed := scramble(seed)
	into.Seed(scramble(mixed^uint64(sweep)), scramble(mixed+scramble(uint64(index))))
}

// scramble is the finalizer of SplitMix64 (Steele, Lea and Flood 2014).
func scramble(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// uniforms splits 64 random bits into two numbers strictly between 0 and 1.
func uniforms(bits uint64) (float64, float64) {
	const unit = 1.0 / (1 << 32)
	return (float64(bits>>32) + 0.5) * unit, (float64(bits&0xffffffff) + 0.5) * unit
}
