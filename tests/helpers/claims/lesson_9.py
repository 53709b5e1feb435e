"""Claims of lesson 9."""
