"""SaaS contracts made up from drawn values, so that what a reader should find is known exactly."""

from bench.saas.deal import Deal
from bench.saas.generate import Sample, contract
from bench.saas.gold import gold_terms
from bench.saas.score import Result, measure

__all__ = ["Deal", "Result", "Sample", "contract", "gold_terms", "measure"]
