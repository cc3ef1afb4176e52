"""What analysis makes of a stored session, kept beside its recording: results, summary, bringing them up to date."""
