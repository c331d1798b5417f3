package service

import "context"

// Loop is Run without the listener, which does not live on a fake clock.
func (s *Service) Loop(ctx context.Context) error { return s.loop(ctx) }
