"""Exercises, before any database: what a dose is, who should ask first, and how a figure is drawn."""
