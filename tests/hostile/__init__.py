"""Makers of hostile input: words, bodies, photos. Seeded, so that a failure can be repeated."""
