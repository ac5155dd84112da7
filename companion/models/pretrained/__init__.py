"""Weights that others trained, read into the models of the course."""
