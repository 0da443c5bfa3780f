"""Staff: users and teams."""
