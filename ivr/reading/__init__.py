"""From the file that somebody wrote to a flow that is complete and consistent."""
