package main

import "context"

func (b *bench) erase(ctx context.Context, e engine) error { return nil }
func (b *bench) paced(ctx context.Context, e engine) error { return nil }
func (b *bench) sweep(ctx context.Context, e engine) error { return nil }
func (b *bench) pages(ctx context.Context, e engine) error { return nil }
func (b *bench) memory(ctx context.Context) error          { return nil }
