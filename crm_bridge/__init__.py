"""Who is calling: the embedded customer records and the connectors to a company's own."""
