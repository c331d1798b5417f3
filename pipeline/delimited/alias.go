package delimited

// Alias returns the column, which reads the cell printed as if it were meant: a code that an upstream
// renamed from one layout to the next, or a misprint that is known.
func (c Column) Alias(printed, meant string) Column {
	decode := c.decode
	c.decode = func(cell []byte) (value, error) {
		if string(cell) == printed {
			cell = []byte(meant)
		}
		return decode(cell)
	}
	c.plain = plain{} // its reader does not know the alias
	return c
}
