"""What is wrong between an invoice and its contract: one cause, one finding, with the arithmetic and the clause."""
