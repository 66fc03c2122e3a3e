"""The front desk: the day board, call-backs, finding a patient, booking for a caller, moving and cancelling."""
