package report

import (
	"context"
	"fmt"

	"entente/cmd/entente/folder"
	"entente/pipeline/release"
)

// Verified is what verify --json answers.
type Verified struct {
	Release   string            `json:"release"`
	Problems  []release.Problem `json:"problems"`
	Vault     []release.Problem `json:"vault_problems"`
	withVault bool
}

// Verify compares every file of a release, "" standing for the current one, with what was recorded when it
// was published, and those of the vault, too, if asked. It writes nothing.
func Verify(ctx context.Context, f *folder.Folder, id string, withVault bool, tell func(done, total int64)) (Verified, error) {
	v := Verified{Problems: []release.Problem{}, Vault: []release.Problem{}, withVault: withVault}
	store, err := f.Releases()
	if err != nil {
		return v, err
	}
	m, err := folder.Manifest(store, id)
	if err != nil {
		return v, err
	}
	v.Release = m.ID
	found, err := store.Verify(ctx, m.ID, tell)
	if err != nil {
		return v, err
	}
	v.Problems = append(v.Problems, found...)
	if !withVault {
		return v, nil
	}
	keeper, err := f.Reader()
	if err != nil {
		return v, err
	}
	damaged, err := keeper.Verify(ctx)
	for _, p := range damaged {
		v.Vault = append(v.Vault, release.Problem{Path: p.Path, Problem: p.Detail})
	}
	return v, err
}

// Verdict is nil, or the error that verify ends with: how much is damaged, and what to do.
func (v Verified) Verdict() error {
	switch {
	case len(v.Problems) > 0:
		return fmt.Errorf("verify: %s in release %s; go back with: entente rollback, or make it again from the vault with: entente rebuild --from vault",
			Plural(len(v.Problems), "problem"), v.Release)
	case len(v.Vault) > 0:
		return fmt.Errorf("verify: %s in the vault; the release itself is whole; what is damaged is fetched again by: entente run", Plural(len(v.Vault), "problem"))
	}
	return nil
}

// Verified says what is damaged.
func (p Printer) Verified(v Verified) error {
	if p.JSON {
		return p.json(v)
	}
	for _, x := range v.Problems {
		p.printf("release %s: %s: %s\n", v.Release, x.Path, x.Problem)
	}
	for _, x := range v.Vault {
		p.printf("vault: %s: %s\n", x.Path, x.Problem)
	}
	if len(v.Problems)+len(v.Vault) == 0 && !p.Quiet {
		p.printf("Release %s is as it was published", v.Release)
		if v.withVault {
			p.printf(", and the vault as it was fetched")
		}
		p.printf(".\n")
	}
	return nil
}
