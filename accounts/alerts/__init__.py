"""Telling readers of new stories: follows, fan-out, delivery, and the way out of it all."""
