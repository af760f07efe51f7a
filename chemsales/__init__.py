"""chemsales: customers, levels and evaluations of a chemical-products sales department."""

__version__ = "0.1.0"
