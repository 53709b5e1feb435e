"""Claims of lesson 1."""
