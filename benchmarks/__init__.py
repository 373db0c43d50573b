"""`make bench`: G-space against the limits of the machine it runs on; docs/performance.md."""
