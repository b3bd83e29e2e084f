"""DocuSign as e-signature provider."""
