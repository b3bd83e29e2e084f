"""What the business means: frozen data and pure functions; the clock is always an argument."""
