//go:build !race

package pipelinetest

// RaceDetector says that the tests run many times slower than the program does.
const RaceDetector = false
