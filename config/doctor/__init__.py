"""`callwright doctor`: looks at everything that Callwright stands on and says what is wrong and how to mend it.

`look_*` modules gather facts and touch the world; `check_*` modules are pure and turn facts into findings.
"""
