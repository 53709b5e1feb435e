"""Claims of lesson 5."""
