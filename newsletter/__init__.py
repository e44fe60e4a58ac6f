"""Letters to subscribers. Only the package stands yet; its tables come with its first page."""
