package release

// OnStep has f called before every change to the disk.
func (s *Store) OnStep(f func(name string)) { s.step = f }

// LinkWith replaces os.Link.
func (s *Store) LinkWith(f func(oldname, newname string) error) { s.link = f }
