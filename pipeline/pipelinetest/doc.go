// Package pipelinetest holds what tests of the pipeline's parts share: contract suites that every Source
// and every Loader must pass, replays of recorded cases, and fakes that keep everything in memory.
package pipelinetest
