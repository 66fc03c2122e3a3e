"""What can happen to the library, one function per use case: loading, drafting, reviewing, showing."""
