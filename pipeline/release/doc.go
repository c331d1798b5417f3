// Package release keeps the folder of releases: it builds one aside, publishes it in one step that a
// crash cannot split, goes back to an older one, checks them and removes the old.
//
//	releases/<id>/                  published: read-only files, listed with their hashes in manifest.json
//	releases/.building-<id>/        under construction; a crash leaves it for Clean
//	releases/.removed-<id>/         being deleted; a crash leaves it for Clean
//	releases/<id>/UNPUBLISHED       present from Begin until current points to the release
//	current -> releases/<id>        what readers see; replaced by rename, never edited
//
// Everything that changes the folder expects the caller to hold Lock. Readers need nothing: they
// resolve current once and keep the release they found.
package release
