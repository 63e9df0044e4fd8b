"""An Asterisk 22 to be carried along: no telephones, no sockets, no clock, the same words.

It speaks ARI and AMI as JSON and packets; `cti.edge.simulated_pbx` puts it on the loopback.
"""
