package work

import (
	"fmt"
	"net/http"
	"os"

	"entente/cmd/entente/folder"
	"entente/cmd/entente/misuse"
	"entente/pipeline/vault"
)

// Client is what upstreams, or the mirror that stands in for them, are asked with. Upstreams are told whom
// to write to: no contact is a misuse, unless there is a mirror or nobody is asked. So is a mirror that is
// no address.
func Client(policy vault.Policy, contact, mirror string, offline bool) (*http.Client, error) {
	if contact == "" && mirror == "" && !offline {
		return nil, misuse.Of("upstreams want to know whom to write to: set ENTENTE_CONTACT to your e-mail or web address; for a first look without a network: entente run --sample")
	}
	if contact == "" {
		host, err := os.Hostname()
		if err != nil {
			host = "localhost"
		}
		contact = "operator@" + host // reaches whoever runs the mirror
	}
	c, err := vault.NewClient(policy, fmt.Sprintf("entente/%s (%s)", folder.Version(), contact), mirror)
	if err != nil {
		return nil, misuse.Of("%w", err)
	}
	return c, nil
}
