"""What can happen on the ground floor, one function per use case."""


class Refused(Exception):
    """Something that may not happen now. ``message`` is a sentence the person may read."""

    def __init__(self, message):
        super().__init__(message)
        self.message = message
