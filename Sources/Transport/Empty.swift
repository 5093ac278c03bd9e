// Moves byte ranges over HTTP.
