"""Input of the settings of the kernel: the business, colleagues, teams, one's own account, the first steps."""
