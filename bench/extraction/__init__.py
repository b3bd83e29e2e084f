"""How much of a contract is read rightly, how quickly, and what hostile files do."""
