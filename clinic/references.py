"""Random public names for rows: short enough to read out on the phone, long enough not to be guessed together with a session."""

import secrets

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # nothing that looks or sounds like something else
LENGTH = 26  # 31 ** 26 is more than 2 ** 128


def new_reference() -> str:
    """A random reference of at least 128 bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
