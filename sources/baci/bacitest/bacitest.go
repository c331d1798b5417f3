// Package bacitest makes archives of trade by product in BACI's format, of any size: numbers that mean nothing
// in files that a parser, a sorter and a compressor meet as they meet the published ones.
package bacitest

import (
	"archive/zip"
	"bufio"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/klauspost/compress/flate"
)

// productCount is about how many products a nomenclature has.
const productCount = 5_000

// FullYear is about how many rows a published year has.
const FullYear = 11_300_000

// Name is the member of an archive that has a year.
func Name(year int) string { return fmt.Sprintf("BACI_HS17_Y%d_V202301.csv", year) }

// WriteYear writes about n rows and returns how many they are. Like a published year it has a few large traders
// that trade thousands of products with each other and many small ones, rows in the order of exporter, importer
// and product, values of up to three decimals, quantities padded to thirteen characters, and three of a hundred
// of them missing. Exporters and importers are the codes, which must ascend. The same arguments give the same bytes.
func WriteYear(out io.Writer, codes []int, year, n int, seed uint64) (rows int, err error) {
	rng := rand.New(rand.NewPCG(seed, uint64(year)))
	w := bufio.NewWriterSize(out, 1<<20)
	if _, err := w.WriteString("t,i,j,k,v,q\n"); err != nil {
		return 0, err
	}
	share := shares(rng, len(codes))
	line := make([]byte, 0, 64)
	for i, exporter := range codes {
		for j, importer := range codes {
			count := min(int(share[i*len(codes)+j]*float64(n)+0.5), productCount-1)
			for _, product := range products(rng, count) {
				line = fmt.Appendf(line[:0], "%d,%d,%d,%06d,", year, exporter, importer, product)
				value := math.Round(1e3*math.Exp(3+2.6*rng.NormFloat64())) / 1e3
				line = strconv.AppendFloat(line, max(value, 0.001), 'f', -1, 64)
				if rng.IntN(100) < 3 {
					line = append(line, ",           NA\n"...)
				} else {
					line = fmt.Appendf(line, ",%13.3f\n", math.Exp(2+3*rng.NormFloat64()))
				}
				if _, err := w.Write(line); err != nil {
					return rows, err
				}
				rows++
			}
		}
	}
	return rows, w.Flush()
}

// shares gives each ordered pair of n traders its part of all rows, by the traders' sizes; none to a trader with itself.
func shares(rng *rand.Rand, n int) []float64 {
	size := make([]float64, n)
	for i := range size {
		size[i] = math.Exp(1.1 * rng.NormFloat64())
	}
	share, total := make([]float64, n*n), 0.0
	for at := range share {
		if i, j := at/n, at%n; i != j {
			share[at] = min(size[i]*size[j]*math.Exp(0.5*rng.NormFloat64()), 12)
		}
		total += share[at]
	}
	for at := range share {
		share[at] /= total
	}
	return share
}

// products are count different products of six digits, ascending; the first digit of some is zero.
func products(rng *rand.Rand, count int) []int {
	chosen, taken := make([]int, 0, count), make(map[int]bool, count)
	for last := productCount - count; last < productCount; last++ { // each set of that size is as likely
		at := rng.IntN(last + 1)
		if taken[at] {
			at = last
		}
		taken[at] = true
		chosen = append(chosen, 10_110+at*197)
	}
	slices.Sort(chosen)
	return chosen
}

// Pack makes a zip archive of files, in their order, under their base names.
func Pack(archive string, files ...string) (err error) {
	f, err := os.Create(archive)
	if err != nil {
		return err
	}
	defer f.Close()
	z := zip.NewWriter(f)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, 6) })
	for _, file := range files {
		if err := pack(z, file); err != nil {
			return err
		}
	}
	if err := z.Close(); err != nil {
		return err
	}
	return f.Close()
}

func pack(z *zip.Writer, file string) error {
	in, err := os.Open(file)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := z.Create(filepath.Base(file))
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return err
}
