"""What is bought and at which price: rows of tables, volume steps, ramps, and fees in sentences."""
