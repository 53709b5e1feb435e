"""Claims of lesson 8."""
