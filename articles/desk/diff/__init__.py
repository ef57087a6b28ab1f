"""What differs between two texts of a story, ready to be printed as one text with marks in it."""
