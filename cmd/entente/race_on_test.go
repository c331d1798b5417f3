//go:build race

package main

// raceDetector says that the tests run many times slower than the program does.
const raceDetector = true
