"""Claims of lesson 4."""
