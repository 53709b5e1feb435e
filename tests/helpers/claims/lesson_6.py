"""Claims of lesson 6."""
