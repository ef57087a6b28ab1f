"""The readers' own pages."""
