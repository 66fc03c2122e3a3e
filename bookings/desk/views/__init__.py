"""The desk's pages. Who may open them is said in ``clinic/rules/access.py``."""
