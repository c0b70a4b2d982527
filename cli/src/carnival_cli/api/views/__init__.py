"""The parts of the API's answers that commands use, by subject."""
