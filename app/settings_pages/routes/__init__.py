"""Addresses of the settings of the kernel, a file for each noun."""
