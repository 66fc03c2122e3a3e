"""The patient's pages of booking. A GET writes nothing; nothing is booked by one press."""
