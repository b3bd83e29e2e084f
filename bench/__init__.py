"""What we measure and how. Absolute times on shared machines mean little; ratios mean more."""
