"""What is kept of readers, for how long, and how they get and end it."""
