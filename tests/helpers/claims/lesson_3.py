"""Claims of lesson 3."""
