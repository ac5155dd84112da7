"""Training: optimizers written out, schedules, clipping."""
