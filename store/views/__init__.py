"""Read models of the pages: plain rows, filtered, counted and paged in SQL."""
