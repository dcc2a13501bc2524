"""The promises to partners and between functions: pydantic models and nothing else."""
