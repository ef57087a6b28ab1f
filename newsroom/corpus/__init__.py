"""A large newspaper of invented stories, to measure on. Never for production."""
