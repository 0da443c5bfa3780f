"""Routes of the settings of time, a file for each noun."""
