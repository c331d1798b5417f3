package gravity

import (
	"compress/gzip"
	"encoding/csv"
	"errors"
	"io/fs"
	"math"
	"os"
	"slices"
	"strconv"
	"testing"
)

// panel reads the teaching panel of the WTO and UNCTAD's Advanced Guide to Trade Policy Analysis, flows between
// different states in every fourth year, as its table 1 uses it; or it skips the test.
func panel(t testing.TB) Sample {
	t.Helper()
	f, err := os.Open("../../../shared/data/trade/gravity/agtpa_applications_1986_2006.csv.gz")
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the teaching panel (../shared/data) is not here")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(z).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	at := func(name string) int { return slices.Index(rows[0], name) }
	number := func(row []string, name string) float64 {
		v, err := strconv.ParseFloat(row[at(name)], 64)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	groups := map[string]int32{}
	group := func(key string) int32 {
		g, known := groups[key]
		if !known {
			g = int32(len(groups))
			groups[key] = g
		}
		return g
	}
	s := Sample{Regressors: make([][]float64, 4), Effects: make([][]int32, 2)}
	for _, row := range rows[1:] {
		exporter, importer, year := row[at("exporter")], row[at("importer")], row[at("year")]
		if y := number(row, "year"); exporter == importer || math.Mod(y-1986, 4) != 0 {
			continue
		}
		s.Flows = append(s.Flows, number(row, "trade"))
		s.Regressors[0] = append(s.Regressors[0], math.Log(number(row, "dist")))
		for k, name := range []string{"cntg", "lang", "clny"} {
			s.Regressors[1+k] = append(s.Regressors[1+k], number(row, name))
		}
		s.Effects[0] = append(s.Effects[0], group("x"+exporter+year))
		s.Effects[1] = append(s.Effects[1], group("m"+importer+year))
		s.Clusters = append(s.Clusters, int32(number(row, "pair_id")))
	}
	return s
}

// TestPublishedTable reproduces column 4 of table 1 of Yotov, Piermartini, Monteiro and Larch (2016), An Advanced
// Guide to Trade Policy Analysis: The Structural Gravity Model.
func TestPublishedTable(t *testing.T) {
	fit, err := PPML(panel(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d flows, %d iterations, deviance %.6g, coefficients %.8f, standard errors %.4f",
		fit.Used, fit.Iterations, fit.Deviance, fit.Coefficients, fit.StandardErrors)
	for k, want := range []struct {
		name                string
		coefficient, stdErr float64
	}{
		{"ln distance", -0.84092731, 0.032},
		{"contiguity", 0.43744324, 0.083},
		{"common language", 0.24747651, 0.077},
		{"colony", -0.22248986, 0.116},
	} {
		if math.Abs(fit.Coefficients[k]-want.coefficient) > 5e-7 {
			t.Errorf("%s: coefficient %.8f, want %.8f", want.name, fit.Coefficients[k], want.coefficient)
		}
		if math.Abs(fit.StandardErrors[k]-want.stdErr) > 1e-3 {
			t.Errorf("%s: standard error %.4f, want %.3f", want.name, fit.StandardErrors[k], want.stdErr)
		}
	}
}

// BenchmarkPanel fits 28,152 flows with 828 effects.
func BenchmarkPanel(b *testing.B) {
	s := panel(b)
	for b.Loop() {
		if _, err := PPML(s); err != nil {
			b.Fatal(err)
		}
	}
}
