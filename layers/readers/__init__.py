"""Readers of publishers' files: one file per format, bytes in, features out."""
