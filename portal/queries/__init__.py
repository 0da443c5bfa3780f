"""What portal pages read: always through `visible_in_portal_to`, with everything they show loaded in a fixed number of
queries."""
