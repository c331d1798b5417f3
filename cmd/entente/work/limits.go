package work

import "runtime/debug"

// What a run may use. With these, reading, storing and loading the whole Assembly file of the UN Digital
// Library (860,000 rows, 210 MB) stays below 400 MB. DuckDB's limit is what sorting all ballots of all
// sources needs: with half of it, that fails for want of memory.
const (
	goCollectPercent = 100       // collect garbage when the heap has grown by this
	goMemoryBytes    = 224 << 20 // beyond this, collect as often as needed
	LakeMemoryBytes  = 96 << 20  // rows held while a table is sorted; more are spilled to disk
	DuckMemory       = "512MB"   // DuckDB's own limit for a run; --memory changes it
	LoadMemory       = "256MB"   // of that, while tables are loaded: 192 MB would halve the speed
)

// Bound applies the limits of Go's own memory to the process.
func Bound() {
	debug.SetGCPercent(goCollectPercent)
	debug.SetMemoryLimit(goMemoryBytes)
}
