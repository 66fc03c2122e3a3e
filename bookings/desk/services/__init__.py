"""What only the desk asks and does. Booking, moving, cancelling and states are ``bookings.services``, as for everybody."""
