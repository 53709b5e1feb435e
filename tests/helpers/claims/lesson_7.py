"""Claims of lesson 7."""
