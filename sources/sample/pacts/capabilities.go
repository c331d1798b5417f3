package pacts

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// capabilitiesHeader is that of the abridged table of National Material Capabilities, version 7.0.
const capabilitiesHeader = "stateabb,ccode,year,milex,milper,irst,pec,tpop,upop,cinc,version"

// missing is how that table writes what it lacks.
const missing = "-9"

// capability is a state's material capabilities in one year, in the units of that table; "" is missing.
type capability struct {
	year, iso3 string
	values     []string // from military expenditures to the index
}

func (f *facts) addCapability(r []string) error {
	c := capability{r[0], r[1], r[2:]}
	if _, err := strconv.Atoi(c.year); err != nil {
		return fmt.Errorf("capabilities of %s: year: %w", c.iso3, err)
	}
	for _, value := range c.values {
		if n, err := strconv.ParseFloat(value, 64); value != "" && (err != nil || n < 0) {
			return fmt.Errorf("capabilities of %s in %s: %q is not an amount", c.iso3, c.year, value)
		}
	}
	f.capabilities = append(f.capabilities, c)
	return nil
}

// capabilitiesZIP makes the archive NMCv7.zip, which has the table in an archive of its own.
func capabilitiesZIP(f *facts, on States) ([]byte, error) {
	columns := strings.Split(capabilitiesHeader, ",")
	first := slices.Index(columns, "milex")
	var rows []cells
	for _, c := range f.capabilities {
		number, abbreviation, err := on(c.iso3, c.year+"-12-31")
		if err != nil {
			return nil, fmt.Errorf("capabilities: %w", err)
		}
		row := cells{"stateabb": abbreviation, "ccode": strconv.Itoa(number), "year": c.year}
		for i, value := range c.values {
			row[columns[first+i]] = value
			if value == "" {
				row[columns[first+i]] = missing
			}
		}
		rows = append(rows, row)
	}
	data, err := named(capabilitiesHeader, rows)
	if err != nil {
		return nil, err
	}
	inner, err := zipped(file{"NMC-70-abridged.csv", data})
	if err != nil {
		return nil, err
	}
	return zipped(file{"NMCv7/NMC-v7-abridged.zip", inner})
}
