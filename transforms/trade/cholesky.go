package trade

import "math"

// dependent is the share of its variance that a regressor must keep after those before it to count.
const dependent = 1e-9

// factor is the Cholesky factor of a symmetric positive semidefinite matrix.
type factor struct {
	n     int
	lower []float64 // row by row; a row with a zero on the diagonal depends on those before it
}

// factorize replaces a matrix of n rows, of which it reads the lower half, by its factor.
func factorize(a []float64, n int) factor {
	for i := range n {
		row := a[i*n : i*n+i+1]
		for j := range i {
			pivot := a[j*n+j]
			if pivot == 0 {
				row[j] = 0
				continue
			}
			row[j] = (row[j] - dot(row[:j], a[j*n:j*n+j])) / pivot
		}
		rest := row[i] - dot(row[:i], row[:i])
		if rest <= dependent*row[i] {
			rest = 0
		}
		row[i] = math.Sqrt(rest)
	}
	return factor{n, a}
}

// solve replaces b by the solution; the unknown of a row that depends on others is 0.
func (f factor) solve(b []float64) {
	for i := range f.n {
		row := f.lower[i*f.n : i*f.n+i+1]
		if row[i] == 0 {
			b[i] = 0
			continue
		}
		b[i] = (b[i] - dot(row[:i], b)) / row[i]
	}
	for i := f.n - 1; i >= 0; i-- {
		row := f.lower[i*f.n : i*f.n+i+1]
		if row[i] == 0 {
			continue
		}
		b[i] /= row[i]
		for j, l := range row[:i] {
			b[j] -= l * b[i]
		}
	}
	for i := range f.n {
		if f.lower[i*f.n+i] == 0 {
			b[i] = 0
		}
	}
}

// dot is the inner product of a and the first of b, as four sums that do not wait for each other.
func dot(a, b []float64) float64 {
	b = b[:len(a)]
	var sums [4]float64
	for len(a) >= 4 {
		sums[0] += a[0] * b[0]
		sums[1] += a[1] * b[1]
		sums[2] += a[2] * b[2]
		sums[3] += a[3] * b[3]
		a, b = a[4:], b[4:]
	}
	for i, x := range a {
		sums[0] += x * b[i]
	}
	return sums[0] + sums[1] + sums[2] + sums[3]
}
