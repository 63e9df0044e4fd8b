"""What a flow is: nodes, each leading to the next."""
