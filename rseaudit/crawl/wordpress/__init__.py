"""How WordPress and BuddyPress answer: by their REST API, which knows rights, authors and true dates."""
