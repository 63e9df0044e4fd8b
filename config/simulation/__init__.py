"""What-if: days that are made up (`callwright simulate`), and days that were, under other rules."""
