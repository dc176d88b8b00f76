"""The outbox and the channels as an operator sees them: read, previewed, retried, tried out."""
