"""The study's page, a file a section."""
