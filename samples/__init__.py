"""The fictional company's contracts, CRM rows and invoices that the demo and the tests use."""
