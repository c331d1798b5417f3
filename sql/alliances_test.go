package sql_test

import "testing"

// TestNATO demands the number of members after each round, by the day on which accessions took effect.
func TestNATO(t *testing.T) {
	db := emptyWarehouse(t)
	execute(t, db, `insert into raw.reference_group_members by name
		select * from read_csv('../transforms/states/group_members.csv', all_varchar = true)`)
	for _, v := range views(t) {
		switch v.FullName() {
		case "core.group_members", "indicators.alliance_membership", "indicators.members_on":
			if err := define(t, db, v); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, want := range []struct {
		day     string
		members int
	}{
		{"1949-08-23", 0}, {"1949-08-24", 12}, {"1952-02-17", 12}, {"1952-02-18", 14}, {"1955-05-06", 15}, {"1982-05-29", 15},
		{"1982-05-30", 16}, {"1990-10-03", 16}, {"1999-03-11", 16}, {"1999-03-12", 19}, {"2003-12-31", 19}, {"2004-03-29", 26},
		{"2009-04-01", 28}, {"2017-06-05", 29}, {"2020-03-26", 29}, {"2020-03-27", 30}, {"2020-12-31", 30}, {"2023-04-04", 31},
		{"2024-03-06", 31}, {"2024-03-07", 32},
	} {
		if n := count(t, db, "from indicators.members_on('NATO', date '"+want.day+"')"); n != want.members {
			t.Errorf("%d members on %s, want %d", n, want.day, want.members)
		}
		rows := 1
		if want.members == 0 {
			rows = 0
		}
		if n := count(t, db, "from indicators.alliance_membership where group_id = 'NATO' and valid_from <= date '"+want.day+
			"' and coalesce(valid_to > date '"+want.day+"', true)"); n != rows {
			t.Errorf("%d spells hold on %s, want %d", n, want.day, rows)
		}
	}
	if n := count(t, db, `from indicators.alliance_membership as m
			inner join (values (12), (14), (15), (16), (19), (26), (28), (29), (30), (31), (32)) as w (n) on w.n = m.member_count
			where m.group_id = 'NATO'`); n != 11 || n != count(t, db, "from indicators.alliance_membership where group_id = 'NATO'") {
		t.Errorf("%d of the eleven sizes", n)
	}
}
