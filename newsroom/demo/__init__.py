"""The Meridian: an invented newspaper that fills an empty newsroom, to try everything with."""
