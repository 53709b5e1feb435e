"""What several tests share: no test imports from another test."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
