"""Settings from the environment and the YAML files that business people edit."""
