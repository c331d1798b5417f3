package main

import "runtime/debug"

// What a run may use. Together they keep the whole Assembly file of the UN Digital Library (860,000
// rows, 210 MB) below 400 MB of memory.
const (
	goCollectPercent = 50        // collect garbage when the heap has grown by this
	goMemoryBytes    = 224 << 20 // beyond this, collect as often as needed
	lakeMemoryBytes  = 96 << 20  // rows held while a table is sorted; more are spilled to disk
	duckMemory       = "512MB"   // DuckDB's own limit for a run; --memory changes it
)

// bound applies the limits of Go's own memory to the process.
func bound() {
	debug.SetGCPercent(goCollectPercent)
	debug.SetMemoryLimit(goMemoryBytes)
}
