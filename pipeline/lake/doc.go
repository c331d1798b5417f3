// Package lake writes tables as Parquet: sorted on the key, without duplicates, compressed with zstd,
// described in the file's own metadata, hashed, and read back by a second implementation of the format
// before anyone may rely on it.
//
//	batches ─▶ sorted runs ─merge─▶ row groups ─▶ part files ─▶ read back
//
// Memory is bounded: above a budget, sorted runs are spilled to disk and merged from there. Rows that come in
// order are neither sorted nor spilled, but written as they come.
package lake
