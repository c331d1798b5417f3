//go:build race

package site

// raceDetector says that the tests run many times slower than the program does.
const raceDetector = true
