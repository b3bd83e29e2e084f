"""Database migrations, applied by `aftersign init` and at start."""
