"""What the desk's pages show and where, worked out from plain values: no database, no request, no clock."""
