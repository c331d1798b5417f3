package lake

import (
	"math"

	"github.com/cespare/xxhash/v2"
)

// A column's checksum is the sum, modulo 2^64, of a hash of each of its values: the same for the same
// values in any order, whoever reads them.

const hashNull uint64 = 0x9e3779b97f4a7c15

func hashText(s string) uint64 { return mix(xxhash.Sum64String(s)) }

func hashWhole[T int8 | int16 | int32 | int64](n T) uint64 { return mix(uint64(int64(n))) }

func hashReal(x float64) uint64 { return mix(math.Float64bits(x)) }

func hashBool(b bool) uint64 {
	if b {
		return mix(1)
	}
	return mix(0)
}

// mix is the finalizer of splitmix64 (Steele, Lea and Flood 2014), so that sums of small numbers differ.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
