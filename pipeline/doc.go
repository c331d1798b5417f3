// Package pipeline is entente's domain: what a table, a source, a snapshot, a transform, a loader, a
// release and a run are. Package runner below it takes jobs from fetch to a published release.
//
//	upstream ─fetch─▶ vault ─parse─▶ Arrow ─write─▶ lake ─load─▶ warehouse ─views─▶ indicators
//
// It knows no source, no database and no file format but Arrow: those live in its sub-packages and in
// package sources, and cmd/entente wires them together.
package pipeline
